"""There are no processes: a test that starts one is skipped."""
import pytest

PIPE = STDOUT = DEVNULL = -1


class SubprocessError(Exception):
    pass


class CalledProcessError(SubprocessError):
    pass


class TimeoutExpired(SubprocessError):
    pass


def run(*_, **__):
    raise pytest.Skipped("processes")


Popen = call = check_call = check_output = run
