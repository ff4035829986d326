# expect: Ok | Exception | BadReturn

import numpy as np


def f():
    np.dtype = lambda *_: 1 / 0
    np.ascontiguousarray = lambda *_, **__: b""
    np.ndarray = list
    np.frombuffer = None
    return np.ones(3)
