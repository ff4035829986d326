"""Much to fetch and little to compute: two columns of a matrix that fills the memory."""
# expect: OutOfFuel
import numpy as np


def f():
    wide = np.ones((20_000, 800))
    thin, small = wide[:, :2], np.ones((2, 2))
    while True:
        thin @ small
