# expect: Ok | BadReturn | Exception

import numpy as np


class Lying(np.ndarray):
    @property
    def strides(self):
        return (8 << 20,)

    @property
    def shape(self):
        return (1 << 40,)

    @property
    def nbytes(self):
        return -1

    @property
    def size(self):
        return -5

    def __len__(self):
        return 1 << 30

    def __buffer__(self, flags):
        raise SystemExit

    def __array_finalize__(self, other):
        raise RuntimeError


def f():
    return np.ndarray.view(np.zeros(3), Lying)
