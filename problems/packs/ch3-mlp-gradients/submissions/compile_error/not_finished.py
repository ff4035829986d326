import numpy as np


def gradients(X, y, W1, b1, W2, b2):
    A1 = 1 / (1 + np.exp(-(X @ W1 + b1))
    return A1
