"""Results that are subnormal are computed the long way."""
# expect: OutOfFuel
import numpy as np


def f():
    x = np.linspace(-745, -709, 100_000)
    while True:
        np.exp(x, out=np.empty_like(x))
