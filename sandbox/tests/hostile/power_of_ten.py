# expect: OutOfFuel | OutOfMemory

def f():
    return float(10 ** 10**8 % 7)
