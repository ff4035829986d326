"""An array that is one value by stride 0, with more elements than there is memory."""
# expect: OutOfFuel | OutOfMemory
import numpy as np


def f():
    x = np.broadcast_to(np.float64(-1.0), (2**27,))
    return np.log(x).sum()
