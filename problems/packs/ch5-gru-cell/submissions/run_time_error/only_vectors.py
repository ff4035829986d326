import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# Right for one vector, so for a sequence as well, but not for a batch.
def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    hx = np.concatenate([h, x])
    z = sigmoid(W_z @ hx + b_z)
    r = sigmoid(W_r @ hx + b_r)
    candidate = np.tanh(W_h @ np.concatenate([r * h, x]) + b_h)
    return (1 - z) * h + z * candidate
