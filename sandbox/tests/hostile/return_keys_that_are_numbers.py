# expect: BadReturn

def f():
    return {1: 1.0, 2: 2.0}
