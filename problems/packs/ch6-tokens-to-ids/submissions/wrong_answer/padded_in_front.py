def to_ids(tokens, vocabulary):
    return [vocabulary.get(t, vocabulary["<OOV>"]) for t in tokens]


def pad(ids, length):
    kept = [int(i) for i in ids[: int(length)]]
    missing = int(length) - len(kept)
    return [0] * missing + kept, [False] * missing + [True] * len(kept)
