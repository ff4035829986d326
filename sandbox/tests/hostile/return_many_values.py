# expect: BadReturn too_large

def f():
    return tuple(float(i) for i in range(1000))
