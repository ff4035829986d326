"""hypothesis is not here: a test that is given values by it is skipped."""
import sys
import types

import pytest


def given(*_, **__):
    def outer(function):
        def test(self=None):
            raise pytest.Skipped("hypothesis")

        test.__name__ = function.__name__
        return test

    return outer


def settings(*_, **__):
    return lambda function: function


example = assume = settings


class Anything:
    def __getattr__(self, _):
        return Anything()

    def __call__(self, *_, **__):
        return Anything()

    def __or__(self, _):
        return self


def find(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Anything()


__path__ = []
for name in ("strategies", "extra", "extra.numpy"):
    made = types.ModuleType("hypothesis." + name)
    made.__path__ = []
    made.__getattr__ = find
    sys.modules[made.__name__] = made
strategies, extra = (sys.modules["hypothesis." + name] for name in ("strategies", "extra"))
extra.numpy = sys.modules["hypothesis.extra.numpy"]
