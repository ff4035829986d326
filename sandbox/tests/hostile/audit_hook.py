# expect: Ok | Exception | BadReturn | Crash

import sys


def hook(event, arguments):
    raise SystemExit(event)


def f():
    sys.addaudithook(hook)
    return 1.0
