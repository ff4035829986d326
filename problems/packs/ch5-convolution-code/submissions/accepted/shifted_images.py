import numpy as np


def conv2d(I, K):
    h, w = I.shape
    f, g = K.shape
    S = np.zeros((h - f + 1, w - g + 1))
    for m in range(f):
        for n in range(g):
            S += K[m, n] * I[m : h - f + 1 + m, n : w - g + 1 + n]
    return S
