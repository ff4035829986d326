import numpy as np


def layer(x, W, b):
    z = x @ W.T + b
    return np.round(np.maximum(0, z), 2)
