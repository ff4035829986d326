# expect: Exception | OutOfFuel | OutOfMemory | Ok | Crash

import re


def f():
    return float(re.compile("(?:a|b){1,1000}" * 20_000).groups)
