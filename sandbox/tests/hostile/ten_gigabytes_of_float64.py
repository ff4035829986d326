# expect: OutOfMemory

import numpy as np


def f():
    return np.ones((40_000, 32_768))[0, 0]
