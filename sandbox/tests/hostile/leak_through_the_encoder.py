# expect: Ok | Exception

import builtins
import codecs
import decimal
import random

import numpy as np


def f():
    # Places that outlive a function in one interpreter: none may outlive the job.
    builtins.left_behind = 1
    codecs.register(lambda name: (_ for _ in ()).throw(SystemExit))
    decimal.getcontext().prec = 1
    random.seed(1)
    np.random.seed(1)
    np.seterr(all="raise")
    np.set_printoptions(precision=1)
    return 1.0
