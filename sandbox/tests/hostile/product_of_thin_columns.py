"""The same down the columns: each step of a sum is a page further."""
# expect: OutOfFuel
import numpy as np


def f():
    wide = np.ones((20_000, 800))
    left = np.ones((2, 20_000))
    while True:
        left @ wide[:, 5:7]
