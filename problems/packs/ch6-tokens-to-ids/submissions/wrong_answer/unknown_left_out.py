def to_ids(tokens, vocabulary):
    return [vocabulary[t] for t in tokens if t in vocabulary]


def pad(ids, length):
    kept = [int(i) for i in ids[: int(length)]]
    missing = int(length) - len(kept)
    return {"padded": kept + [0] * missing, "mask": [True] * len(kept) + [False] * missing}
