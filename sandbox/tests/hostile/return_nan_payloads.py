# expect: Ok

import numpy as np


def f():
    bits = np.arange(64, dtype=np.uint64) * np.uint64(0x1F_0000_0001) | np.uint64(0x7FF8_0000_0000_0000)
    return bits.view(np.float64)
