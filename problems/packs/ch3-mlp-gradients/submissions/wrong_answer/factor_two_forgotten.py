import numpy as np


# The derivative of a square without its 2.
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gradients(X, y, W1, b1, W2, b2):
    A1 = sigmoid(X @ W1 + b1)
    a2 = sigmoid(A1 @ W2 + b2)
    delta2 = (a2 - y) * a2 * (1 - a2) / len(y)
    delta1 = np.outer(delta2, W2) * A1 * (1 - A1)
    return X.T @ delta1, delta1.sum(axis=0), A1.T @ delta2, delta2.sum()
