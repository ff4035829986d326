import numpy as np


# σ′ is taken at a instead of z: σ(a)(1 − σ(a)).
def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def gradients(X, y, W1, b1, W2, b2):
    A1 = sigmoid(X @ W1 + b1)
    a2 = sigmoid(A1 @ W2 + b2)
    delta2 = 2 * (a2 - y) * sigmoid_prime(a2) / len(y)
    delta1 = np.outer(delta2, W2) * sigmoid_prime(A1)
    return X.T @ delta1, delta1.sum(axis=0), A1.T @ delta2, delta2.sum()
