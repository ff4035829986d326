# expect: OutOfMemory | OutOfFuel

def f():
    data = bytearray(1)
    while True:
        data.extend(bytes(len(data)))
