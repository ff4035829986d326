# expect: BadReturn | Exception RecursionError

def f():
    x = []
    x.append(x)
    return x
