import math

import numpy as np


def dot(row, values):
    total = 0.0
    for a, b in zip(row, values):
        total += a * b
    return total


def one(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    m = len(h)
    joined = list(h) + list(x)
    z = [1 / (1 + math.exp(-(dot(W_z[i], joined) + b_z[i]))) for i in range(m)]
    r = [1 / (1 + math.exp(-(dot(W_r[i], joined) + b_r[i]))) for i in range(m)]
    reset = [r[i] * h[i] for i in range(m)] + list(x)
    new = []
    for i in range(m):
        candidate = math.tanh(dot(W_h[i], reset) + b_h[i])
        new.append((1 - z[i]) * h[i] + z[i] * candidate)
    return new


def gru_cell(x, h, *weights):
    if x.ndim == 1:
        return np.array(one(x, h, *weights))
    return np.array([one(x_row, h_row, *weights) for x_row, h_row in zip(x, h)])
