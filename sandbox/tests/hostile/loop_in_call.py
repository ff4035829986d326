# expect: OutOfFuel

def f():
    while True:
        pass
