# row: exp of 65,536 float64
# turns: 100

import numpy as np


def run(turns):
    x = np.linspace(-5, 5, 65_536)
    out = np.empty_like(x)
    for _ in range(turns):
        np.exp(x, out=out)
