# expect: Ok | Crash | BadReturn | Exception

import numpy as np


def f():
    # Reads far beyond its eight bytes: the instance's own memory, or a trap.
    one = np.ones(1)
    return np.lib.stride_tricks.as_strided(one, shape=(64,), strides=(1 << 24,))
