# expect: OutOfFuel

import numpy as np


def f():
    x = np.ones((200, 200))
    return np.einsum("ij,jk,kl->", x, x, x)
