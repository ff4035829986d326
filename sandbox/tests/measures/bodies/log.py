# row: log of 65,536 float64
# turns: 100

import numpy as np


def run(turns):
    x = np.linspace(0.01, 9, 65_536)
    out = np.empty_like(x)
    for _ in range(turns):
        np.log(x, out=out)
