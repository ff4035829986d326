# expect: Exception | Ok | Crash

import re


def f():
    return bool(re.compile("(" * 5_000 + ")" * 5_000))
