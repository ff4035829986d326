def count_words(sentences):
    # {"film": 2, "ini": 1, ...}
    ...


def document_frequency(sentences):
    # {"film": 0.5, ...}
    ...


def build_vocabulary(sentences, size):
    ...
    return vocabulary, ids
