# expect: Ok | BadReturn

def f():
    return [[1.0, 2.0], [3.0]]
