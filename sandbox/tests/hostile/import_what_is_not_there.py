# expect: Exception ModuleNotFoundError

import torch


def f():
    return 1.0
