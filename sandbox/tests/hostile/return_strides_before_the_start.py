# expect: Ok | Crash | BadReturn | Exception

import numpy as np


def f():
    one = np.ones(1)
    return np.lib.stride_tricks.as_strided(one, shape=(64,), strides=(-(1 << 24),))
