import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# [x, h] instead of [h, x].
def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    xh = np.concatenate([x, h], axis=-1)
    z = sigmoid(xh @ W_z.T + b_z)
    r = sigmoid(xh @ W_r.T + b_r)
    candidate = np.tanh(np.concatenate([x, r * h], axis=-1) @ W_h.T + b_h)
    return (1 - z) * h + z * candidate
