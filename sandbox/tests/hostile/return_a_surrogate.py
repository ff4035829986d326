# expect: Ok | BadReturn

def f():
    return "\ud800"
