"""NumPy's exp, log and tanh against math and against 60 digits; and the loops that were
made fit for the compiler's vectors against Python's own operators."""
import decimal
import math

import numpy as np

RNG = np.random.default_rng(5)
SPECIAL = [0.0, -0.0, math.inf, -math.inf, math.nan, 511.9, 512.0, -512.0, 709.78, 709.79,
           -745.2, -708.4, 5e-324, 1e308]
WIDE = np.concatenate([RNG.uniform(-750, 750, 4001), RNG.uniform(-3, 3, 4001),
                       10.0 ** RNG.uniform(-320, 300, 2001), SPECIAL])


def count_different(values, expected):
    """How many differ in their bits, any NaN being like any other."""
    pairs = zip(values.tolist(), expected)
    return sum(a.hex() != b.hex() for a, b in pairs)


def exp_of(value):
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def log_of(value):
    if value == 0:
        return -math.inf
    return math.nan if value < 0 else math.log(value)


def exp_has_the_bits_of_math():
    return count_different(np.exp(WIDE), [exp_of(x) for x in WIDE.tolist()])


def log_of_special():
    x = np.array([1.0, 0.0, -0.0, -1.0, math.inf, -math.inf, math.nan])
    return count_different(np.log(x), [0.0] + [log_of(v) for v in x.tolist()[1:]])


def find_worst_error(x, found, exact_of):
    """In units in the last place."""
    decimal.getcontext().prec = 60
    worst = 0.0
    for argument, value in zip(x.tolist(), found.tolist()):
        exact = exact_of(decimal.Decimal(argument))
        error = abs(decimal.Decimal(value) - exact) / decimal.Decimal(math.ulp(float(exact)))
        worst = max(worst, float(error))
    return worst


def worst_error_of_log():
    x = np.concatenate([RNG.uniform(0, 9, 1000), RNG.uniform(0.65, 1.5, 2000),
                        1 + RNG.normal(size=99) * 1e-9, 10.0 ** RNG.uniform(-320, 300, 500)])
    x = x[x != 1]
    return find_worst_error(x, np.log(x), decimal.Decimal.ln)


def worst_error_of_tanh():
    x = np.concatenate([RNG.uniform(-22, 22, 500), RNG.uniform(-1, 1, 2500),
                        RNG.uniform(-0.02, 0.02, 500)])

    def exact_of(argument):
        e = (2 * argument).exp()
        return (e - 1) / (e + 1)

    return find_worst_error(x, np.tanh(x), exact_of)


def tanh_of_special():
    x = np.array([0.0, -0.0, math.inf, -math.inf, math.nan, 19.9, -25.0, 5e-324, 1e308])
    return count_different(np.tanh(x), [0.0, -0.0, 1.0, -1.0, math.nan, 1.0, -1.0, 5e-324, 1.0])


def place_does_not_matter():
    wrong = 0
    for function in (np.exp, np.tanh, np.log):
        x = np.abs(WIDE)
        whole = function(x)
        # Fewer than 64 are computed in the guest, more by the host.
        parts = [slice(n, n + 60) for n in range(0, len(x), 60)]
        for part in [slice(None, None, 3), slice(None, None, -2), slice(7)] + parts:
            wrong += count_different(function(x[part]), whole[part].tolist())
        inside = x.copy()
        function(inside, out=inside)
        wrong += count_different(inside, whole.tolist())
    return wrong


def float32_is_float64_rounded_once():
    x = np.abs(WIDE).astype(np.float32)
    wrong = 0
    for function in (np.exp, np.tanh, np.log):
        expected = function(x.astype(float)).astype(np.float32)
        wrong += count_different(function(x), expected.tolist())
    return wrong


def simple_loops_agree_with_python():
    wrong = []
    pairs = {"less": lambda a, b: a < b, "less_equal": lambda a, b: a <= b,
             "equal": lambda a, b: a == b, "not_equal": lambda a, b: a != b,
             "greater": lambda a, b: a > b, "maximum": max, "minimum": min}
    for kind in (float, np.float32, int, np.int8, np.uint16, bool):
        a, b = (np.abs(RNG.normal(size=37) * 9).astype(kind) for _ in range(2))
        for name, python in pairs.items():
            function = getattr(np, name)
            for part in (slice(None), slice(None, None, 2), slice(None, None, -1)):
                expected = [python(x, y) for x, y in zip(a[part].tolist(), b[part].tolist())]
                if function(a[part], b[part]).tolist() != expected:
                    wrong.append((name, str(kind)))
        if a.max() != max(a.tolist()) or a[::2].min() != min(a[::2].tolist()):
            wrong.append(("reduced", str(kind)))
    gaps = np.array([1.0, math.nan, 3.0] * 11)
    if not math.isnan(gaps.max()) or np.fmax(gaps, 2.0)[:3].tolist() != [2.0, 2.0, 3.0]:
        wrong.append("NaN")
    root = np.abs(WIDE[:400])
    if np.sqrt(root).tolist() != [math.sqrt(x) for x in root.tolist()]:
        wrong.append("sqrt")
    shifted = np.arange(33.0)
    np.square(shifted[:-1], out=shifted[1:])
    if shifted[:5].tolist() != [0.0, 0.0, 1.0, 4.0, 9.0]:
        wrong.append("overlap")
    return wrong


def check():
    return repr([exp_has_the_bits_of_math(), log_of_special(),
                 worst_error_of_log() < 0.85, worst_error_of_tanh() < 1.8, tanh_of_special(), place_does_not_matter(),
                 float32_is_float64_rounded_once(), simple_loops_agree_with_python()])
