"""The part of pytest that NumPy's tests use. Marks are kept in `pytestmark`, as pytest
does; fixtures are `FixtureDef`s, which `collect.py` resolves."""
import contextlib
import inspect
import re
import sys
import warnings as python_warnings


class Skipped(BaseException):
    pass


class ExpectedFailure(BaseException):
    pass


def skip(reason="", **_):
    raise Skipped(reason)


def xfail(reason=""):
    raise ExpectedFailure(reason)


def fail(reason="", **_):
    raise AssertionError(reason)


skip.Exception = Skipped


def importorskip(name, *_, **__):
    try:
        __import__(name)
    except ImportError:
        raise Skipped("no module " + name) from None
    return sys.modules[name]


class Param:
    def __init__(self, values, marks):
        self.values, self.marks = values, marks


def param(*values, marks=(), id=None):
    return Param(values, marks if isinstance(marks, (tuple, list)) else (marks,))


class Mark:
    def __init__(self, name, args=(), kwargs=None, complete=False):
        self.name, self.args, self.kwargs = name, args, kwargs or {}
        self.complete = complete

    def __call__(self, *args, **kwargs):
        bare = len(args) == 1 and not kwargs and (inspect.isroutine(args[0]) or inspect.isclass(args[0]))
        if not (self.complete or bare and self.name != "parametrize"):
            return Mark(self.name, args, kwargs, complete=True)
        target = args[0]
        target.pytestmark = [*vars(target).get("pytestmark", []), self]
        return target


class Marks:
    def __getattr__(self, name):
        return Mark(name)


mark = Marks()


class ExceptionInfo:
    value = type = tb = None

    def match(self, pattern):
        assert re.search(pattern, str(self.value)), (pattern, str(self.value))
        return True


class Raises:
    def __init__(self, kinds, match):
        self.kinds, self.match, self.info = kinds, match, ExceptionInfo()

    def __enter__(self):
        return self.info

    def __exit__(self, kind, value, tb):
        if kind is None:
            raise AssertionError(f"did not raise {self.kinds}")
        if not issubclass(kind, self.kinds):
            return False
        self.info.value, self.info.type, self.info.tb = value, kind, tb
        if self.match is not None:
            self.info.match(self.match)
        return True


def raises(kinds, *args, match=None, **kwargs):
    manager = Raises(kinds, match)
    if not args:
        return manager
    with manager:
        args[0](*args[1:], **kwargs)
    return manager.info


@contextlib.contextmanager
def recorded(kinds, match):
    with python_warnings.catch_warnings(record=True) as record:
        python_warnings.simplefilter("always")
        yield record
    found = [str(w.message) for w in record if issubclass(w.category, kinds)]
    assert found, f"did not warn {kinds}"
    assert match is None or any(re.search(match, text) for text in found), (match, found)


def warns(kinds=Warning, *args, match=None, **kwargs):
    if not args:
        return recorded(kinds, match)
    with recorded(kinds, match):
        return args[0](*args[1:], **kwargs)


def deprecated_call(*args, **kwargs):
    return warns((DeprecationWarning, PendingDeprecationWarning), *args, **kwargs)


class approx:
    def __init__(self, expected, rel=1e-6, abs=1e-12):
        self.expected, self.rel, self.abs = expected, rel, abs

    def __eq__(self, other):
        import numpy as np

        allowed = np.maximum(self.abs, self.rel * np.abs(self.expected))
        return bool(np.all(np.abs(np.asarray(other) - self.expected) <= allowed))


class FixtureDef:
    def __init__(self, function, params=None, autouse=False, name=None, **_):
        self.function, self.params, self.autouse = function, params, autouse
        self.name = name or function.__name__


def fixture(function=None, **kwargs):
    if function is not None:
        return FixtureDef(function)
    return lambda function: FixtureDef(function, **kwargs)


class FixtureRequest:
    pass
