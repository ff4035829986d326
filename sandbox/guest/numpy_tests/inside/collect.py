"""Finds the tests of a module and calls them: parameters, marks, fixtures, setup methods.

A test with parameters counts once for each set of them, as with pytest. What a test was
skipped for is counted by reason, and each failure is told with its place and message.
"""
import builtins
import collections
import inspect
import itertools
import sys
import traceback
import warnings

import pytest

NO_FIXTURE_HERE = "tmp_path tmpdir tmp_path_factory tmpdir_factory capsys capfd recwarn subtests".split()


class MonkeyPatch:
    def __init__(self):
        self.old = []

    def setattr(self, target, name, value=None, raising=True):
        if isinstance(target, str):
            value, (target, _, name) = name, target.rpartition(".")
            __import__(target)
            target = sys.modules[target]
        self.old.append((target, name, getattr(target, name)))
        setattr(target, name, value)

    def setenv(self, *_):
        raise pytest.Skipped("environment")

    def undo(self):
        for target, name, value in reversed(self.old):
            setattr(target, name, value)


class Request:
    pass


def marks_of(holder):
    if not inspect.isclass(holder):
        own = getattr(holder, "pytestmark", [])
        return [own] if isinstance(own, pytest.Mark) else list(own)
    return [mark for base in reversed(holder.__mro__) for mark in vars(base).get("pytestmark", [])]


def rows(values):
    """As (value, marks). Ends early where making a value needs what is not here."""
    iterator = iter(values)
    while True:
        try:
            value = next(iterator)
        except (StopIteration, pytest.Skipped):
            return
        yield (value.values, value.marks, True) if isinstance(value, pytest.Param) else (value, (), False)


def parameter_sets(mark):
    names = mark.args[0] if mark.args else mark.kwargs["argnames"]
    values = mark.args[1] if len(mark.args) > 1 else mark.kwargs["argvalues"]
    single = isinstance(names, str) and "," not in names
    names = [name.strip() for name in names.split(",") if name.strip()] if isinstance(names, str) else names
    through = "\0" if mark.kwargs.get("indirect") else ""
    sets = []
    for value, marks, wrapped in rows(values):
        given = ([value[0]] if wrapped else [value]) if single else value
        sets.append(({through + name: one for name, one in zip(names, given)}, marks))
    return sets


class Case:
    """One test with one set of parameters. A fixture's parameter has \\0 before its name."""

    def __init__(self, module, cls, given):
        self.module, self.cls, self.given = module, cls, dict(given)
        self.instance, self.finals = None, []

    def find_fixture(self, name):
        for base in self.cls.__mro__ if self.cls else ():
            if isinstance(vars(base).get(name), pytest.FixtureDef):
                return vars(base)[name]
        for key, value in vars(self.module).items():
            if isinstance(value, pytest.FixtureDef) and name in (key, value.name):
                return value
        return None

    def parameters_of_fixtures(self, names, seen):
        sets = []
        for name in names:
            fixture = None if name in seen else self.find_fixture(name)
            seen.add(name)
            if fixture is None:
                continue
            if fixture.params is not None:
                sets.append([({"\0" + name: value[0] if wrapped else value}, marks)
                             for value, marks, wrapped in rows(fixture.params)])
            sets += self.parameters_of_fixtures(wanted_by(fixture.function), seen)
        return sets

    def resolve(self, name, parameter=None):
        if name in self.given:
            return self.given[name]
        if name == "monkeypatch":
            made = MonkeyPatch()
            self.finals.append(made.undo)
        elif name == "request":
            made = Request()
            made.param, made.addfinalizer = parameter, self.finals.append
            return made
        elif name in NO_FIXTURE_HERE:
            raise pytest.Skipped("fixture " + name)
        else:
            made = self.call_fixture(name)
        self.given[name] = made
        return made

    def call_fixture(self, name):
        fixture = self.find_fixture(name)
        if fixture is None:
            raise LookupError("no fixture " + name)
        parameter = self.given.get("\0" + name)
        wanted = {one: self.resolve(one, parameter) for one in wanted_by(fixture.function)}
        bound = "self" in inspect.signature(fixture.function).parameters
        made = fixture.function(*([self.instance] if bound else []), **wanted)
        if inspect.isgenerator(made):
            generator, made = made, next(made)
            self.finals.append(lambda: next(generator, None))
        return made

    def run(self, key, function, fixtures):
        if self.cls:
            self.instance = self.cls()
        for name in fixtures:
            self.resolve(name)
        if hasattr(self.cls, "setup_class"):
            self.cls.setup_class()
        self.call_method("setUp", "setup_method", function)
        arguments = {name: self.resolve(name) for name in wanted_by(function)}
        try:
            (getattr(self.instance, key) if self.cls else function)(**arguments)
        finally:
            self.call_method("tearDown", "teardown_method", function)
            for final in reversed(self.finals):
                final()

    def call_method(self, old, new, function):
        for name in (old, new):
            method = getattr(self.instance, name, None)
            if method is not None:
                method(*[function][: len(inspect.signature(method).parameters)])


def wanted_by(function):
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    return [p.name for p in parameters if p.name != "self" and p.default is p.empty
            and p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]


def tests_of(module):
    for key, value in list(vars(module).items()):
        if inspect.isfunction(value) and key.startswith("test"):
            yield None, key, value
        elif inspect.isclass(value) and key.startswith("Test") and value.__module__ == module.__name__:
            for name in dir(value):
                if name.startswith("test") and callable(getattr(value, name)):
                    yield value, name, inspect.getattr_static(value, name)


def expects_failure(mark):
    condition = mark.args[0] if mark.args else mark.kwargs.get("condition", True)
    return mark.name == "xfail" and bool(condition)


def reason_to_skip(marks):
    for mark in marks:
        if mark.name == "slow":
            return "slow"
        if mark.name == "skip" or mark.name == "skipif" and mark.args[0]:
            return str(mark.kwargs.get("reason", mark.args[-1] if mark.args else ""))
    return None


class Tally:
    def __init__(self):
        self.counts = collections.Counter()
        self.reasons = collections.Counter()
        self.failures = []

    def skip(self, reason):
        self.counts["skipped"] += 1
        self.reasons[str(reason)[:80]] += 1

    def fail(self, label, error):
        self.counts["failed"] += 1
        frames = traceback.extract_tb(error.__traceback__)[-2:]
        places = " ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames)
        text = " ".join("".join(traceback.format_exception_only(error)).split())
        self.failures.append(f"{label[:160]} | {places} | {text[:240]}")


def filter_warnings(marks):
    """Such a mark says `action:pattern of the message:category`, the last two perhaps not."""
    for mark in marks:
        if mark.name == "filterwarnings":
            action, _, rest = mark.args[0].partition(":")
            message, _, category = rest.rpartition(":")
            if not hasattr(builtins, category):
                message, category = rest, "Warning"
            warnings.filterwarnings(action, message, getattr(builtins, category))


def run_case(tally, case, label, key, function, marks, fixtures):
    expected = any(map(expects_failure, marks))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            filter_warnings(marks)
            case.run(key, function, fixtures)
        tally.counts["passed, a failure being expected" if expected else "passed"] += 1
    except pytest.Skipped as error:
        tally.skip(error)
    except pytest.ExpectedFailure:
        tally.counts["failed as expected"] += 1
    except BaseException as error:
        if type(error).__name__ == "SkipTest":
            tally.skip(error)
        elif expected:
            tally.counts["failed as expected"] += 1
        else:
            given = {name.strip("\0"): str(value)[:30] for name, value in case.given.items()}
            tally.fail(f"{label} {given}", error)


def run_test(tally, module, cls, key, function, label):
    function = getattr(function, "__func__", function)
    marks = [mark for holder in (module, cls, function) for mark in marks_of(holder)]
    if any(mark.name == "slow" for mark in marks):
        return tally.skip("slow")
    holders = [vars(module), *(vars(base) for base in (cls.__mro__ if cls else ()))]
    fixtures = [value.name for holder in holders for value in holder.values()
                if isinstance(value, pytest.FixtureDef) and value.autouse]
    fixtures += [name for mark in marks if mark.name == "usefixtures" for name in mark.args]
    try:
        sets = [parameter_sets(mark) for mark in marks if mark.name == "parametrize"]
        sets += Case(module, cls, {}).parameters_of_fixtures(wanted_by(function) + fixtures, set())
    except pytest.Skipped as error:
        return tally.skip(error)
    except Exception as error:
        return tally.fail(label, error)
    for combined in itertools.product(*sets):
        given, own = {}, list(marks)
        for values, extra in combined:
            given.update(values)
            own += extra
        reason = reason_to_skip(own)
        if reason is not None:
            tally.skip(reason)
        else:
            run_case(tally, Case(module, cls, given), label, key, function, own, fixtures)


def run_module(name, left_out, announce):
    tally = Tally()
    try:
        __import__(name)
        module = sys.modules[name]
    except pytest.Skipped as error:
        tally.skip(error)
        module = None
    except BaseException as error:
        tally.fail("import", error)
        module = None
    for cls, key, function in tests_of(module) if module else ():
        label = (cls.__name__ + "." if cls else "") + key
        if label in left_out:
            tally.counts["ended the guest"] += 1
            continue
        announce(name, label)
        run_test(tally, module, cls, key, function, label)
    return {"counts": tally.counts, "reasons": tally.reasons, "failures": tally.failures}
