# expect: BadReturn | Exception RecursionError

def f():
    x = {}
    x["x"] = x
    return x
