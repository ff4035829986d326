# expect: OutputLimit | OutOfFuel | Ok

import sys


class Noisy:
    def __del__(self):
        raise ValueError("e" * 1000)


def f():
    while True:
        Noisy()
