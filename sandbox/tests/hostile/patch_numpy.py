# expect: Ok | BadReturn | Exception

import numpy as np

for name in dir(np):
    if not name.startswith('__') and callable(getattr(np, name)):
        try:
            setattr(np, name, lambda *_, **__: 42)
        except (AttributeError, TypeError):
            pass


def f():
    return 1.0
