# expect: OutOfMemory | OutOfFuel | Exception

def f():
    number = 1
    while True:
        number <<= number.bit_length()
