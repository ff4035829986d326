# expect: Ok

import numpy as np


def f():
    return np.arange(4, dtype=">f8")
