# A function of one's own may have any name.
import numpy as np


def convolve(I, K, i, j):
    return (I[i : i + K.shape[0], j : j + K.shape[1]] * K).sum()


def conv2d(I, K):
    rows, columns = I.shape[0] - K.shape[0] + 1, I.shape[1] - K.shape[1] + 1
    return np.array([[convolve(I, K, i, j) for j in range(columns)] for i in range(rows)])
