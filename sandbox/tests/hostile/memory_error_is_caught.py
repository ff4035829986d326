# expect: Ok

def f():
    try:
        bytearray(1 << 30)
    except MemoryError:
        return 1.0
