import numpy as np


def to_ids(tokens, vocabulary):
    return np.array([vocabulary.get(token, vocabulary["<OOV>"]) for token in tokens])


def pad(ids, length):
    length = int(length)
    padded = np.zeros(length, dtype=np.int64)
    kept = ids[:length]
    padded[: len(kept)] = kept
    return {"padded": padded, "mask": np.arange(length) < len(kept)}
