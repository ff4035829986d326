# expect: OutOfMemory

def f():
    return len(bytearray(10 << 30))
