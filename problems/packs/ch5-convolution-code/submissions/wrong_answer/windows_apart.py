import numpy as np


def conv2d(I, K):
    f, g = K.shape
    return np.array([
        [np.sum(I[i : i + f, j : j + g] * K) for j in range(0, I.shape[1] - g + 1, g)]
        for i in range(0, I.shape[0] - f + 1, f)
    ])
