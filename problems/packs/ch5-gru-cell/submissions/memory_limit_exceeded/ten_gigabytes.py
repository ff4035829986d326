import numpy as np


def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    kept = [np.ones(1_250_000) for _ in range(1_000)]
    return h + sum(part[0] for part in kept)
