# expect: BadReturn too_large | OutOfMemory | Exception

import numpy as np


def f():
    one = np.ones(1)
    return np.lib.stride_tricks.as_strided(one, shape=(1 << 14, 1 << 13, 1 << 2), strides=(0, 0, 0))
