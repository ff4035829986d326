# expect: Exception RecursionError | OutOfMemory | OutOfFuel | Crash

import sys

sys.setrecursionlimit(2**31 - 1)


def f(n=0):
    return f(n + 1)
