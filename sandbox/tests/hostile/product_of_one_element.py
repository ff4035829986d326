"""A matrix that is one element by stride 0, as large as the numbers allow."""
# expect: OutOfFuel
import numpy as np
from numpy.lib.stride_tricks import as_strided


def f():
    one = np.ones(1)
    tall = as_strided(one, (2_000, 100_000), (0, 0))
    return tall @ tall.T
