from numpy import correlate as slide
import numpy as np


def conv2d(I, K):
    return sum(
        np.array([slide(row, K[m], "valid") for row in I[m : len(I) - len(K) + 1 + m]])
        for m in range(len(K))
    )
