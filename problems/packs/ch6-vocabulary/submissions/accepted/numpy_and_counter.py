from collections import Counter

import numpy as np


# Numbers of NumPy's, tuples for lists.
def count_words(sentences):
    return dict(Counter(" ".join(sentences).lower().split()))


def document_frequency(sentences):
    sets = [set(sentence.lower().split()) for sentence in sentences]
    every = sorted(set().union(*sets))
    return {word: np.mean([word in one for one in sets]) for word in every}


def build_vocabulary(sentences, size):
    counts = count_words(sentences)
    order = sorted(sorted(counts), key=counts.get, reverse=True)[: int(size)]
    vocabulary = {"<OOV>": 1, **{word: np.int64(i + 2) for i, word in enumerate(order)}}
    ids = tuple(tuple(vocabulary.get(w, 1) for w in s.lower().split()) for s in sentences)
    return vocabulary, ids
