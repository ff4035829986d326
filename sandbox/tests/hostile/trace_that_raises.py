# expect: Exception | Ok | BadReturn | Crash

import sys


def trace(frame, event, argument):
    raise KeyboardInterrupt


def f():
    sys.setprofile(trace)
    return 1.0
