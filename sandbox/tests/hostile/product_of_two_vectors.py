"""A sum of one product for each element: the result is all there is to do."""
# expect: OutOfFuel
import numpy as np


def f():
    column, row = np.ones((2_000, 1)), np.ones((1, 2_000))
    out = np.empty((2_000, 2_000))
    while True:
        np.matmul(column, row, out=out)
