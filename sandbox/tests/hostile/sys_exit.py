# expect: Exception SystemExit

import sys


def f():
    sys.exit(0)
