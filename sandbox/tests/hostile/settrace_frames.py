# expect: Ok | Exception | OutOfFuel | BadReturn

import sys


def tracer(frame, event, argument):
    # Tries to put another value where the caller keeps this one.
    for name in list(frame.f_locals):
        frame.f_locals[name] = 42.0
    return tracer


def f():
    sys.settrace(tracer)
    outer = sys._getframe(1)
    outer.f_trace = tracer
    return 1.0
