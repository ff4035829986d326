# expect: OutOfMemory | OutOfFuel

def f():
    return len(list(iter(int, 1)))
