import numpy as np


def conv2d(I, K):
    f, g = K.shape
    product = np.fft.rfft2(I) * np.fft.rfft2(K[::-1, ::-1], I.shape)
    return np.fft.irfft2(product, I.shape)[f - 1 :, g - 1 :]
