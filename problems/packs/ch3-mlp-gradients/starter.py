import numpy as np


def gradients(X, y, W1, b1, W2, b2):
    # X: (b, n), y: (b,), W1: (n, m), b1: (m,), W2: (m,), b2: ()
    ...
    return dW1, db1, dW2, db2
