import numpy as np


def conv2d(I, K):
    # I: (h, w), K: (f, g), result: (h - f + 1, w - g + 1)
    ...
