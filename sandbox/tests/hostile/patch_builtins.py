# expect: Ok | BadReturn | Exception | Crash

import builtins


def f():
    for name in ['len', 'type', 'isinstance', 'list', 'dict', 'str', 'int', 'getattr', 'issubclass', 'all']:
        setattr(builtins, name, lambda *_, **__: 1 / 0)
    return 1.0
