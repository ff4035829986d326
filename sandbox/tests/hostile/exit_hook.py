# expect: Ok | Exception

import atexit


@atexit.register
def at_exit():
    while True:
        pass


def f():
    return 1.0
