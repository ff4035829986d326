# expect: Ok | Exception | OutOfFuel | BadReturn

import sys


def hook(frame, event, argument):
    raise ValueError(event)


def f():
    sys.setprofile(hook)
    return 1.0
