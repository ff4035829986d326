# expect: Ok | MissingFunction | Exception

import sys


def f():
    sys.modules.clear()
    globals().clear()
    return 1.0
