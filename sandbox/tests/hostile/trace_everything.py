# expect: Ok | OutOfFuel | Exception

import sys


def trace(frame, event, argument):
    frame.f_trace_opcodes = True
    return trace


sys.settrace(trace)
sys.setprofile(trace)


def f():
    return 1.0
