# expect: Ok | Exception | BadReturn | Crash

import sys
import types


class Lie(types.ModuleType):
    def __getattr__(self, name):
        return lambda *arguments, **named: {"status": "ok"}


def f():
    for name in list(sys.modules):
        sys.modules[name] = Lie(name)
    return 1.0
