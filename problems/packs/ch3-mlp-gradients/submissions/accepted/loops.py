import math


# One example after the other, one neuron after the other, without NumPy's arrays.
def gradients(X, y, W1, b1, W2, b2):
    n, m, b = len(W1), len(b1), len(y)
    dW1 = [[0.0] * m for _ in range(n)]
    db1 = [0.0] * m
    dW2 = [0.0] * m
    db2 = 0.0
    for x, target in zip(X, y):
        z1 = [sum(x[i] * W1[i][j] for i in range(n)) + b1[j] for j in range(m)]
        a1 = [1 / (1 + math.exp(-z)) for z in z1]
        a2 = 1 / (1 + math.exp(-(sum(a1[j] * W2[j] for j in range(m)) + b2)))
        delta2 = 2 / b * (a2 - target) * a2 * (1 - a2)
        db2 += delta2
        for j in range(m):
            dW2[j] += delta2 * a1[j]
            delta1 = delta2 * W2[j] * a1[j] * (1 - a1[j])
            db1[j] += delta1
            for i in range(n):
                dW1[i][j] += delta1 * x[i]
    return dW1, db1, dW2, db2
