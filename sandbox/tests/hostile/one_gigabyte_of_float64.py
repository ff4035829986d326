# expect: OutOfMemory

import numpy as np


def f():
    return np.ones((1 << 27,))[0]
