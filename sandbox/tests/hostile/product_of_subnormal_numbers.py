"""Numbers that some processors take a hundred times as long for."""
# expect: OutOfFuel
import numpy as np


def f():
    a = np.full((400, 400), 1e-160)
    b = np.full((400, 400), 1e-155)
    while True:
        a @ b
