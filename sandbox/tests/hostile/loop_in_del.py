# expect: OutOfFuel

class Sticky:
    def __del__(self):
        while True:
            pass


def f():
    sticky = Sticky()
    return 1.0
