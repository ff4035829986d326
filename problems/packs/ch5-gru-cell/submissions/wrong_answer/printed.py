import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# Prints the answer and returns nothing.
def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    hx = np.concatenate([h, x], axis=-1)
    z = sigmoid(hx @ W_z.T + b_z)
    r = sigmoid(hx @ W_r.T + b_r)
    candidate = np.tanh(np.concatenate([r * h, x], axis=-1) @ W_h.T + b_h)
    print((1 - z) * h + z * candidate)
