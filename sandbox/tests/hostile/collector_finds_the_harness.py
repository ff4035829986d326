# expect: Ok | Exception | BadReturn | Crash

import gc
import types


def f():
    # Everything the collector knows, the harness's own functions among it.
    for thing in gc.get_objects():
        if type(thing) is types.FunctionType and thing.__name__ in ("write_value", "write_array", "run"):
            thing.__code__ = (lambda *arguments, **named: None).__code__
        elif type(thing) is dict and "status" in thing:
            thing["status"] = "ok"
    return 1.0
