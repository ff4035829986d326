import numpy as np


def conv2d(I, K):
    f, g = K.shape
    S = np.zeros((I.shape[0] - f, I.shape[1] - g))
    for i in range(S.shape[0]):
        for j in range(S.shape[1]):
            S[i, j] = np.sum(I[i : i + f, j : j + g] * K)
    return S
