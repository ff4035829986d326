# expect: Crash | Exception

import os


def f():
    os.abort()
