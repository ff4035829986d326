import numpy as np


def layer(x, W, b):
    z = x @ W.T + b
    return 1 / (1 + np.exp(-z))
