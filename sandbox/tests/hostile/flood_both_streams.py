# expect: OutputLimit

import sys


def f():
    while True:
        print("o" * 100)
        print("e" * 100, file=sys.stderr)
