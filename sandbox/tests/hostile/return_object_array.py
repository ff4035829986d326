# expect: BadReturn object_dtype

import numpy as np


def f():
    return np.array([1, None, []], dtype=object)
