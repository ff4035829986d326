# expect: OutOfFuel

import time


def f():
    while True:
        time.sleep(1000)
