# expect: BadReturn | Ok | Exception

class Endless(list):
    def __iter__(self):
        while True:
            yield 1.0

    def __len__(self):
        return 1 << 60


def f():
    return Endless([1.0])
