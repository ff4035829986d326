import numpy as np


def conv2d(I, K):
    return sum(
        np.array([np.convolve(row, K[m][::-1], "valid") for row in I[m : len(I) - len(K) + 1 + m]])
        for m in range(len(K))
    )
