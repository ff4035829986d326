"""As many calls of the host as possible."""
# expect: OutOfFuel
import numpy as np


def f():
    a = np.ones((100_000, 13, 13))
    while True:
        a[:1000] @ a[:1000]
