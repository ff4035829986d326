"""Where the result lies is read too: NumPy copies, and nothing else may come of it."""
# expect: Ok
import numpy as np


def f():
    a = np.arange(16_384.0).reshape(128, 128) % 7
    expected = a[:, :64].copy() @ a[:64, 64:].copy()
    np.matmul(a[:, :64], a[:64, 64:], out=a[:, 64:])
    assert (a[:, 64:] == expected).all()
    return a[0]
