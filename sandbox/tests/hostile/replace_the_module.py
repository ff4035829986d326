# expect: Ok | MissingFunction

import sys

sys.modules[__name__] = None


def f():
    return 1.0
