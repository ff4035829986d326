"""Which modules a program has, and whether the clock is the fixed one."""
import json

PRESENT = """abc array bisect cmath collections collections.abc contextlib copy dataclasses
datetime decimal enum fractions functools heapq io itertools json math numbers operator
random re secrets statistics string struct sys textwrap time traceback types typing warnings
numpy numpy.fft numpy.lib.stride_tricks numpy.linalg numpy.ma numpy.polynomial
numpy.random""".split()
ABSENT = """asyncio ctypes multiprocessing pathlib pickletools resource select shutil signal
socket sqlite3 ssl subprocess tempfile urllib zlib numpy.f2py numpy.testing
numpy.ctypeslib""".split()


def has(name):
    try:
        __import__(name)
    except ImportError:
        return False
    return True


def check():
    import time

    first = time.time()
    return json.dumps({"missing": [name for name in PRESENT if not has(name)],
                       "unexpected": [name for name in ABSENT if has(name)],
                       "date": time.strftime("%Y-%m-%d", time.gmtime(first)),
                       "clock moves": time.time() > first})
