# expect: OutOfMemory | Exception | OutOfFuel

def f():
    return f"{1:>{2**31 - 1}}{1:>{2**30}}"
