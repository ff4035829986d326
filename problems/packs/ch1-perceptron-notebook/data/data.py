"""Data yang terlihat / the visible data. Saat dinilai, isinya lain / another when judged."""

import numpy as np

X_train = np.array(
    [
        [7, 4],
        [-1, 5],
        [5, -9],
        [2, -2],
        [9, 1],
        [-2, 1],
        [7, -6],
        [8, -3],
        [2, -9],
        [4, -9],
        [2, -5],
        [-9, 6],
    ]
)
y_train = np.array([1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0])
X_test = np.array(
    [
        [4, 1],
        [6, 3],
        [3, -7],
        [-8, 8],
        [8, 7],
    ]
)
