# expect: OutOfMemory | OutOfFuel

import numpy as np


def f():
    array = np.ones(1024)
    while True:
        array = np.concatenate([array, array])
