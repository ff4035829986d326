import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


# torch.nn.GRUCell, rewritten: both of its differences at once.
def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    m = h.shape[-1]
    hx = np.concatenate([h, x], axis=-1)
    z = sigmoid(hx @ W_z.T + b_z)
    r = sigmoid(hx @ W_r.T + b_r)
    n = np.tanh(x @ W_h[:, m:].T + b_h + r * (h @ W_h[:, :m].T))
    return (1 - z) * n + z * h
