# expect: BadReturn unsupported_type

import numpy as np


def f():
    return np.zeros(3, dtype=[("a", "f8"), ("b", "O")])
