"""There are no processes: a test that starts one is skipped."""
import pytest

PIPE = STDOUT = DEVNULL = -1


class CalledProcessError(Exception):
    pass


class TimeoutExpired(Exception):
    pass


def run(*_, **__):
    raise pytest.Skipped("processes")


Popen = call = check_call = check_output = run
