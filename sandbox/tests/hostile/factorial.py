# expect: OutOfFuel | OutOfMemory

import math


def f():
    return math.factorial(10_000_000) % 7
