# A key that is not asked for.
def to_ids(tokens, vocabulary):
    return [vocabulary.get(t, vocabulary["<OOV>"]) for t in tokens]


def pad(ids, length):
    kept = [int(i) for i in ids[: int(length)]]
    missing = int(length) - len(kept)
    return {"ids": kept + [0] * missing, "mask": [True] * len(kept) + [False] * missing}
