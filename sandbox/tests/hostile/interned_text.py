# expect: OutOfMemory | OutOfFuel

import sys


def f():
    count = 0
    while True:
        sys.intern(str(count) * 1000)
        setattr(f, "name%d" % count * 100, 1)
        count += 1
