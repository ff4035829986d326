"""Subnormal numbers are computed the long way."""
# expect: OutOfFuel
import numpy as np


def f():
    x = np.linspace(1e-310, 1e-309, 100_000)
    while True:
        np.log(x, out=np.empty_like(x))
