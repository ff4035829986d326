# expect: Ok

import numpy as np


def f():
    signs = np.array([0x7F80_0001, 0xFF80_0001, 0x7FBF_FFFF, 0x7F80_0000, 0xFF80_0000], dtype=np.uint32)
    return signs.view(np.float32)
