# expect: BadReturn unsupported_type

def f():
    return 2**100
