import numpy as np


def neuron(x, w, bias):
    z = bias
    for i in range(len(x)):
        z += w[i] * x[i]
    return z if z > 0 else 0.0


def layer(x, W, b):
    if x.ndim == 2:
        return np.array([layer(row, W, b) for row in x])
    return np.array([neuron(x, W[j], b[j]) for j in range(len(b))])
