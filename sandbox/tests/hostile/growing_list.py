# expect: OutOfMemory

def f():
    kept = []
    while True:
        kept.append(bytearray(1 << 20))
