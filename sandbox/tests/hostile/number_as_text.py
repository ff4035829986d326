# expect: Exception ValueError | OutOfFuel

def f():
    return str(1 << 10_000_000)
