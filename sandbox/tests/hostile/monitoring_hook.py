# expect: Ok | Exception | OutOfFuel | BadReturn

import sys


def hook(*arguments):
    raise ValueError("seen")


def f():
    monitoring = sys.monitoring
    monitoring.use_tool_id(3, "mine")
    monitoring.register_callback(3, monitoring.events.PY_RETURN, hook)
    monitoring.set_events(3, monitoring.events.PY_RETURN)
    return 1.0
