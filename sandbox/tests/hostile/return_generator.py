# expect: BadReturn unsupported_type

def f():
    yield 1.0
