import numpy as np


def layer(x, W, b):
    # x: (n,), W: (m, n), b: (m,)
    ...
