import numpy as np


def layer(x, W, b):
    return x @ W.T + b
