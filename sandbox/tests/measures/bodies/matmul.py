# row: 256x256 float64 matmul
# turns: 30

import numpy as np


def run(turns):
    a = np.random.default_rng(0).normal(size=(256, 256))
    b = a.T.copy()
    for _ in range(turns):
        a @ b
