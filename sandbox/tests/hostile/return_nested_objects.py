# expect: BadReturn

import numpy as np


def f():
    array = np.empty(2, dtype=object)
    array[0] = array
    array[1] = [array]
    return [array, {"a": array}]
