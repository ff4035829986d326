"""What NumPy's random numbers, linear algebra, transforms and functions give.

`values.json` has what this program printed (`python3 values.py > values.json`) with NumPy
2.2.6 from its own wheel on x86-64: the guest's are compared with those.
"""
import json
import numpy as np


def compute():
    """By name, as flat lists; of complex numbers first the real parts."""
    out = {}

    def put(name, value):
        value = np.asarray(value)
        if value.dtype.kind == "c":
            value = np.stack([value.real, value.imag])
        out[name] = [float(x) for x in value.ravel()]

    rng = np.random.default_rng(2025)
    for name, args in {"random": (), "standard_normal": (), "standard_exponential": (),
                       "normal": (1.5, 2.0), "uniform": (-1.0, 1.0), "gamma": (2.5,),
                       "beta": (0.7, 2.0), "poisson": (3.0,), "binomial": (20, 0.3),
                       "geometric": (0.2,), "dirichlet": ([1.0, 2.0, 3.0],),
                       "lognormal": (), "laplace": (), "gumbel": (), "logistic": (),
                       "chisquare": (3.0,), "standard_t": (4.0,), "multinomial": (9, [0.2, 0.3, 0.5]),
                       "hypergeometric": (6, 5, 4), "vonmises": (0.0, 2.0), "zipf": (3.0,),
                       "triangular": (0.0, 1.0, 3.0), "weibull": (1.5,), "wald": (1.0, 2.0)}.items():
        put("random " + name, getattr(rng, name)(*args, size=6))
    put("random integers", rng.integers(-5, 1000, size=12))
    put("random integers wide", rng.integers(0, 2**40, size=6))
    put("random permutation", rng.permutation(20))
    deck = np.arange(15)
    rng.shuffle(deck)
    put("random shuffle", deck)
    put("random choice", rng.choice(50, size=10, replace=False))
    put("random choice weighted", rng.choice(4, size=12, p=[0.1, 0.2, 0.3, 0.4]))
    put("random float32", rng.random(6, dtype=np.float32))
    for bits in ("MT19937", "PCG64", "PCG64DXSM", "Philox", "SFC64"):
        put("random " + bits, np.random.Generator(getattr(np.random, bits)(7)).random(4))
    np.random.seed(42)
    put("random seeded rand", np.random.rand(6))
    put("random seeded randn", np.random.randn(6))
    put("random seeded randint", np.random.randint(0, 1000, size=8))
    put("random seeded legacy permutation", np.random.permutation(12))
    put("random seeded legacy choice", np.random.choice(30, size=8))
    put("random seeded legacy normal", np.random.normal(2.0, 3.0, size=5))
    x = np.random.default_rng(11)
    a, b = x.normal(size=(6, 6)), x.normal(size=(6, 2))
    s = a @ a.T + 6 * np.eye(6)
    put("solve", np.linalg.solve(a, b))
    put("inv", np.linalg.inv(a))
    put("det", [np.linalg.det(a), *np.linalg.slogdet(a)])
    put("svd", np.linalg.svd(a, compute_uv=False))
    u, d, v = np.linalg.svd(a[:, :4], full_matrices=False)
    put("svd parts", np.abs((u * d) @ v - a[:, :4]).max() < 1e-13)
    put("eigvalsh", np.linalg.eigvalsh(s))
    w, q = np.linalg.eigh(s)
    put("eigh parts", np.abs(q * w @ q.T - s).max() < 1e-12)
    put("eigvals", np.sort_complex(np.linalg.eigvals(a)))
    put("qr", np.abs(np.linalg.qr(a)[1]))
    put("cholesky", np.linalg.cholesky(s))
    put("lstsq", np.linalg.lstsq(a[:, :3], b, rcond=None)[0])
    put("pinv", np.linalg.pinv(a[:, :3]))
    put("norms", [np.linalg.norm(a), np.linalg.norm(a, 2), np.linalg.cond(a), np.linalg.matrix_rank(a)])
    put("matrix_power", np.linalg.matrix_power(a, 3))
    y = x.normal(size=30)
    put("fft", np.fft.fft(y))
    put("ifft", np.fft.ifft(y + 1j * y[::-1]))
    put("rfft", np.fft.rfft(y, 32))
    put("irfft", np.fft.irfft(np.fft.rfft(y), 30))
    put("fft2", np.fft.fft2(y.reshape(5, 6)))
    put("fft prime", np.fft.fft(y[:29]))
    put("fftshift", np.fft.fftshift(np.fft.fftfreq(9)))
    put("convolve", np.convolve(y[:9], y[9:14]))
    put("polyfit", np.polyfit(y[:10], y[10:20], 2))
    put("interp", np.interp([0.1, 0.5, 0.9], [0.0, 0.4, 1.0], [1.0, -1.0, 2.0]))
    put("percentile", np.percentile(y, [5, 50, 95]))
    put("histogram", np.histogram(y, 6)[0])
    put("einsum", np.einsum("ij,jk,ki->", a, s, a))
    put("cov", np.cov(a))
    for f in ("sin", "cos", "tan", "arctan", "arcsinh", "expm1", "log1p", "log2", "log10", "exp2", "cbrt", "sinh", "cosh"):
        put(f, getattr(np, f)(np.abs(y)))
    put("power", np.abs(y) ** 1.7)
    return out

def check():
    return json.dumps(compute())


if __name__ == "__main__":
    lines = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in compute().items())
    print("{\n" + ",\n".join(lines) + "\n}")
