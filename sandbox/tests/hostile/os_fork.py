# expect: Exception AttributeError

import os


def f():
    return os.fork()
