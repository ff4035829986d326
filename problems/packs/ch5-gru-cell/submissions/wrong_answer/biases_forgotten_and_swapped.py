import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# Two mistakes at once: no bias anywhere, and z keeps the old state.
def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    hx = np.concatenate([h, x], axis=-1)
    z = sigmoid(hx @ W_z.T)
    r = sigmoid(hx @ W_r.T)
    candidate = np.tanh(np.concatenate([r * h, x], axis=-1) @ W_h.T)
    return z * h + (1 - z) * candidate
