# expect: OutputLimit | OutOfFuel

import warnings


def f():
    warnings.simplefilter("always")
    while True:
        warnings.warn("again and again")
