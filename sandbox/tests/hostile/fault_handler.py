# expect: Exception | Crash | Ok

import faulthandler


def f():
    faulthandler._sigsegv()
    return 1.0
