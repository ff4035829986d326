import numpy as np
import solution

NAMES = ("dW1", "db1", "dW2", "db2")


def descend(X, y, W1, b1, W2, b2, eta):
    """Five steps of gradient descent with the student's gradients."""
    weights = [W1, b1, W2, b2]
    for _ in range(5):
        given = solution.gradients(X, y, *weights)
        if isinstance(given, dict) and all(name in given for name in NAMES):
            parts = [given[name] for name in NAMES]
        else:
            parts = list(given) if isinstance(given, (tuple, list)) else []
        if [np.shape(part) for part in parts] != [np.shape(w) for w in weights]:
            # No step can be taken. Handing it back lets the usual checks say what
            # is wrong with it.
            return given
        weights = [w - eta * np.asarray(part) for w, part in zip(weights, parts)]
    return tuple(weights)
