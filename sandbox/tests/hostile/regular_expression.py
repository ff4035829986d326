# expect: OutOfFuel

import re


def f():
    return bool(re.match(r"(a+)+$", "a" * 40 + "b"))
