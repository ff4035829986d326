# expect: OutOfFuel

def f():
    while True:
        try:
            raise KeyboardInterrupt
        except BaseException:
            pass
