# expect: Ok | Crash | Exception

import numpy as np


def f():
    # Writes over everything in reach of one array, the interpreter included.
    array = np.zeros(1 << 12, dtype=np.uint8)
    everywhere = np.lib.stride_tricks.as_strided(array, shape=(1 << 22,), strides=(1,))
    everywhere[:] = 0x41
    return 1.0
