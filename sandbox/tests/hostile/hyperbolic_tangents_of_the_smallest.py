"""Subnormal numbers, one in each page of the memory."""
# expect: OutOfFuel
import numpy as np


def f():
    x = np.full((10_000, 512), 1e-310)[:, 0]
    while True:
        np.tanh(x, out=x)
