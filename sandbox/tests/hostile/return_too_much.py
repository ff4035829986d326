# expect: BadReturn too_large

import numpy as np


def f():
    return np.zeros(1 << 20)
