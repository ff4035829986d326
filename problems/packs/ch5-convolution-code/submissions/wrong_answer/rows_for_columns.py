import numpy as np


def conv2d(I, K):
    f, g = K.shape
    S = np.zeros((I.shape[1] - g + 1, I.shape[0] - f + 1))
    for i in range(S.shape[1]):
        for j in range(S.shape[0]):
            S[j, i] = np.sum(I[i : i + f, j : j + g] * K)
    return S
