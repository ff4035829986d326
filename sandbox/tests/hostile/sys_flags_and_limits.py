# expect: Exception | Ok | OutOfFuel

import sys


def f():
    sys.setswitchinterval(1e-9)
    sys.set_int_max_str_digits(0)
    sys.setrecursionlimit(2**31 - 1)
    return float(len(str(3**200_000)))
