"""Imports everything that students may import, and uses NumPy once, so that the
snapshot holds it ready. Whatever is not imported here does not exist for them."""

import abc, array, bisect, cmath, collections, collections.abc, contextlib, copy
import dataclasses, datetime, decimal, enum, fractions, functools, heapq, io, itertools
import json, linecache, math, numbers, operator, random, re, secrets, statistics, string
import struct, sys, textwrap, time, traceback, types, typing, warnings

import numpy as np
import numpy.fft, numpy.linalg, numpy.ma, numpy.polynomial, numpy.random

x = np.arange(12.0).reshape(3, 4)
y = np.tanh(x @ x.T) + np.exp(-x).sum(axis=1, keepdims=True)
np.linalg.inv(y + 9 * np.eye(3))
np.linalg.svd(x)
np.fft.rfft(x)
np.einsum("ij,kj->ik", x, x)
np.concatenate([x, np.zeros((1, 4), dtype=np.float32)])
np.where(x > 3, x, 0).mean()
repr(x), str(y), repr(np.float32(1.5)), f"{x[0, 0]:.3f}"
np.random.default_rng(0).normal(size=3)
np.random.RandomState(0).permutation(5)
json.loads(json.dumps({"a": [1, 2.5, None]}))
re.sub(r"(\w+)", r"\1", "warm up")
decimal.Decimal("1.1") + 1
fractions.Fraction(3, 7) + 1
datetime.datetime(2025, 7, 1).isoformat()
del x, y
