# expect: Ok | BadReturn | Exception | Crash

import numpy as np


def f():
    a = np.zeros(1)
    far = np.lib.stride_tricks.as_strided(a, (1000,), (1 << 22,))
    return far.copy()
