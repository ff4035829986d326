# expect: Exception ValueError

def f():
    raise ValueError("x" * (1 << 20))
