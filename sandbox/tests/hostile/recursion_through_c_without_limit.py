# expect: Exception RecursionError | OutOfMemory | OutOfFuel | Crash

import sys

sys.setrecursionlimit(2**31 - 1)


class Deep:
    def __repr__(self):
        return repr([self])

    __add__ = __lt__ = __call__ = lambda self, *_: repr([self])


def f():
    return sorted([Deep(), Deep()], key=lambda d: d())
