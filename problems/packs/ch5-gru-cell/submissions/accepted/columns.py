import numpy as np


# Works on columns, as in the equations: one vector becomes a batch of one.
def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    alone = np.ndim(x) == 1
    x, h = np.atleast_2d(x).T, np.atleast_2d(h).T
    b_z, b_r, b_h = b_z[:, None], b_r[:, None], b_h[:, None]
    z = 1 / (1 + np.exp(-(W_z @ np.vstack([h, x]) + b_z)))
    r = 1 / (1 + np.exp(-(W_r @ np.vstack([h, x]) + b_r)))
    candidate = np.tanh(W_h @ np.vstack([r * h, x]) + b_h)
    result = ((1 - z) * h + z * candidate).T
    return result[0] if alone else result
