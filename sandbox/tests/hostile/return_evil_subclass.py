# expect: Ok | BadReturn | Exception

import numpy as np


class Evil(np.ndarray):
    dtype = property(lambda self: 1 / 0)
    shape = property(lambda self: (10**9,))

    def __array__(self, *_, **__):
        raise SystemExit

    def tobytes(self, *_):
        return b'x' * 10


def f():
    return np.zeros(3).view(Evil)
