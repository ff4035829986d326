# expect: Ok | Exception | BadReturn | Crash | OutOfFuel | OutOfMemory

import gc


def f():
    marker = object()
    for holder in gc.get_referrers(f):
        if type(holder) is dict:
            holder["f"] = marker
    return 1.0
