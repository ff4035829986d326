# expect: Ok

import os


def f():
    assert not os.environ, dict(os.environ)
    return 1.0
