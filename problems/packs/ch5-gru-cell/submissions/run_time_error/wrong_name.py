import numpy as np


def gru(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    return h
