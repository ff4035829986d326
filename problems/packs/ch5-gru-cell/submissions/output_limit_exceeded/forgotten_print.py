import numpy as np


def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    for i in range(100_000):
        print("step", i, h)
    return h
