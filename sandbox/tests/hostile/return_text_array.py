# expect: BadReturn unsupported_type

import numpy as np


def f():
    return np.array(["a", "b"])
