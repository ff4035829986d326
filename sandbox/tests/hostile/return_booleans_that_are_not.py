# expect: Ok | BadReturn

import numpy as np


def f():
    return np.array([0, 1, 2, 255], dtype='u1').view(bool)
