def to_ids(tokens, vocabulary):
    return [vocabulary[t] if t in vocabulary else vocabulary["<OOV>"] for t in tokens]


def pad(ids, length):
    kept = [int(i) for i in ids[: int(length)]]
    missing = int(length) - len(kept)
    return kept + [0] * missing, [True] * len(kept) + [False] * missing
