import numpy as np


def to_ids(tokens, vocabulary):
    # tokens: a list of words, vocabulary: a dictionary word -> number
    ...


def pad(ids, length):
    # ids: (n,), result: {"padded": (length,), "mask": (length,) of booleans}
    ...
