# expect: Ok | OutputLimit | OutOfFuel

class Raising:
    def __del__(self):
        Raising()
        raise ValueError("in the end")


def f():
    for _ in range(1000):
        Raising()
    return 1.0
