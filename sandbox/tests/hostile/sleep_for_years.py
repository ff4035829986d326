# expect: Ok

import time


def f():
    time.sleep(10**8)
    return 1.0
