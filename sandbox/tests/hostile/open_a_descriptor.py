# expect: Exception OSError

import os


def f():
    for fd in range(3, 200):
        try:
            os.read(fd, 1)
            return float(fd)
        except OSError:
            pass
    raise OSError
