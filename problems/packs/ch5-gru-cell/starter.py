import numpy as np


def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    # x: (n,), h: (m,), W_*: (m, m + n), b_*: (m,)
    ...
