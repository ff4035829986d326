# expect: Ok | BadReturn | Exception | Crash

import sys


def f():
    frame = sys._getframe(1)
    while frame:
        scope = frame.f_globals
        for name in list(scope):
            if callable(scope[name]) and not name.startswith('__'):
                scope[name] = lambda *_, **__: (b'', b'')
        frame = frame.f_back
    return 1.0
