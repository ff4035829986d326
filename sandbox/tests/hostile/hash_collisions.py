# expect: OutOfFuel

class Same:
    def __hash__(self):
        return 7

    def __eq__(self, other):
        return self is other


def f():
    return len({Same() for _ in range(100_000)})
