import numpy as np


# There is no torch in the sandbox.
import torch


def gradients(X, y, W1, b1, W2, b2):
    return torch.autograd.grad(X, [W1, b1, W2, b2])
