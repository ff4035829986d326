# expect: Ok | BadReturn

import numpy as np


def f():
    return np.ma.array([1.0, 2.0], mask=[0, 1])
