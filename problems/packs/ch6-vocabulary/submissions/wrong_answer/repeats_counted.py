def words(sentence):
    return sentence.lower().split()


def count_words(sentences):
    counts = {}
    for sentence in sentences:
        for word in words(sentence):
            counts[word] = counts.get(word, 0) + 1
    return counts


def document_frequency(sentences):
    found = {}
    for sentence in sentences:
        for word in words(sentence):
            found[word] = found.get(word, 0) + 1
    return {word: n / len(sentences) for word, n in found.items()}


def build_vocabulary(sentences, size):
    counts = count_words(sentences)
    order = sorted(counts, key=lambda word: (-counts[word], word))
    vocabulary = {"<OOV>": 1}
    for number, word in enumerate(order[: size], start=2):
        vocabulary[word] = number
    ids = [[vocabulary.get(word, 1) for word in words(sentence)] for sentence in sentences]
    return vocabulary, ids
