# expect: BadReturn unsupported_type

def f():
    return memoryview(bytearray(64))
