# expect: BadReturn unsupported_type

def f():
    return f
