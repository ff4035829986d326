# expect: OutOfFuel
import numpy as np


def f():
    x = np.full(100_000, np.nan)
    while True:
        np.tanh(x[::-1], out=x[::-1])
