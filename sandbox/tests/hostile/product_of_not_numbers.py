"""Products in which every operation meets a NaN or an infinity."""
# expect: OutOfFuel
import numpy as np


def f():
    a = np.full((600, 600), np.nan)
    a[::2] = np.inf
    while True:
        a @ a
