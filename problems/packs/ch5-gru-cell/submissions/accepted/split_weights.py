import numpy as np


def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    m = h.shape[-1]

    def gate(W, b, state):
        return state @ W[:, :m].T + x @ W[:, m:].T + b

    z = 1 / (1 + np.exp(-gate(W_z, b_z, h)))
    r = 1 / (1 + np.exp(-gate(W_r, b_r, h)))
    return (1 - z) * h + z * np.tanh(gate(W_h, b_h, r * h))
