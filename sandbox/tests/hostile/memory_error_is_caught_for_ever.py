# expect: OutOfFuel

def f():
    while True:
        try:
            bytearray(1 << 30)
        except MemoryError:
            pass
