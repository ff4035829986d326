# expect: OutOfFuel

import numpy as np


def f():
    a = np.ones((1500, 1500))
    for _ in range(100):
        a = a @ a / 1500
    return a[0, 0]
