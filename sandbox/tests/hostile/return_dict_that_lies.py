# expect: BadReturn | Ok | Exception | OutOfFuel | OutOfMemory

class Lying(dict):
    def items(self):
        while True:
            yield "a", 1.0

    values = keys = __iter__ = items


def f():
    return Lying(a=1.0)
