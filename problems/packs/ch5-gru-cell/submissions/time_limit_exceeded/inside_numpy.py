import numpy as np


# One call that Python's own loop never gets a word in: 10^12 additions.
def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    big = np.ones((2_000, 2_000))
    for _ in range(100):
        big = big @ big
    return h + big[0, 0]
