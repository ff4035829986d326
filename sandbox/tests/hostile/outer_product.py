# expect: OutOfMemory

import numpy as np


def f():
    x = np.ones(20_000)
    return np.multiply.outer(x, x).sum()
