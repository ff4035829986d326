# expect: BadReturn unsupported_type | Ok

import numpy as np


def f():
    return np.ones(3, dtype=np.longdouble)
