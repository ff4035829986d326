# The mask is of numbers, not of booleans.
def to_ids(tokens, vocabulary):
    return [vocabulary.get(t, vocabulary["<OOV>"]) for t in tokens]


def pad(ids, length):
    kept = [int(i) for i in ids[: int(length)]]
    missing = int(length) - len(kept)
    return {"padded": kept + [0] * missing, "mask": [1] * len(kept) + [0] * missing}
