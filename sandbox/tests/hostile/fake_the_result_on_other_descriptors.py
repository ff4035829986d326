# expect: Ok

import os


def f():
    answered = 0
    for descriptor in list(range(3, 64)) + [-1, 2**31 - 1]:
        try:
            os.write(descriptor, b"\x00" * 64)
            answered += 1
        except OSError:
            pass
    return float(answered == 0)
