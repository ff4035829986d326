# expect: OutOfFuel

import re


def f():
    return bool(re.match(r"(?:(x+x+)+)\1y", "x" * 60))
