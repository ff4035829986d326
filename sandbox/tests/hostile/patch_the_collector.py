# expect: Ok | BadReturn | Exception | Crash

import gc


def f():
    for thing in gc.get_objects():
        if type(thing) is dict:
            try:
                thing.pop('status', None)
            except Exception:
                pass
    gc.set_threshold(1, 1, 1)
    return 1.0
