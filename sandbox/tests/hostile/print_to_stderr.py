# expect: OutputLimit

import sys


def f():
    while True:
        print("x" * 100, file=sys.stderr)
