# expect: BadReturn too_large

import numpy as np


def f():
    return np.broadcast_to(np.float64(1), (1 << 13, 1 << 14))
