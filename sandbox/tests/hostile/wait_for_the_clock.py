# expect: OutOfFuel | Ok

import time


def f():
    end = time.monotonic() + 3600
    while time.monotonic() < end:
        pass
    return 1.0
