def to_ids(tokens, vocabulary):
    return [vocabulary.get(t, vocabulary["<OOV>"]) for t in tokens]
