"""Functions of NumPy that are called with more arguments than they used to take: WebAssembly
ends a program there."""
import pickle

import numpy as np
from numpy._core import _multiarray_umath as umath


def check():
    float64, int32 = type(np.dtype("f8")), type(np.dtype("i4"))
    casting = umath._get_castingimpl(float64, int32)
    scalars = umath._array_converter(1.5, np.ones(2)).scalar_input
    scaled = umath._get_sfloat_dtype()(2.0)
    rebuild, arguments = scaled.__reduce__()
    return repr([type(casting).__name__, casting._supports_unaligned, list(scalars), arguments,
                 pickle.loads(pickle.dumps(np.dtype("f4"))) == np.dtype("f4")])
