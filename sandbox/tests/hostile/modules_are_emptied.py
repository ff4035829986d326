# expect: Ok | Exception | BadReturn | Crash

import sys


def f():
    sys.modules.clear()
    return 1.0
