"""Every eighth value takes its neighbours the long way with it."""
# expect: OutOfFuel
import numpy as np


def f():
    x = np.ones(100_000)
    x[::8] = np.nan
    while True:
        np.log(x[::-1], out=x.copy()[::-1])
