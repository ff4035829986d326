import numpy as np


# Writes into its arguments: every call gets arrays of its own.
def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    joined = np.concatenate([h, x], axis=-1)
    z = 1 / (1 + np.exp(-(joined @ W_z.T + b_z)))
    r = 1 / (1 + np.exp(-(joined @ W_r.T + b_r)))
    joined[..., : h.shape[-1]] *= r
    candidate = np.tanh(joined @ W_h.T + b_h)
    h *= 1 - z
    h += z * candidate
    return h
