def words_of(sentence: str) -> List[str]:
    return sentence.lower().split()


def count_words(sentences: List[str]) -> Dict[str, int]:
    counts: Dict[str, int] = {}
    for sentence in sentences:
        for word in words_of(sentence):
            if word in counts:
                counts[word] = counts[word] + 1
            else:
                counts[word] = 1
    return counts


def document_frequency(sentences: List[str]) -> Dict[str, float]:
    found: Dict[str, int] = {}
    for sentence in sentences:
        seen: Dict[str, int] = {}
        for word in words_of(sentence):
            if not (word in seen):
                seen[word] = 1
                if word in found:
                    found[word] = found[word] + 1
                else:
                    found[word] = 1
    shares: Dict[str, float] = {}
    for word in found.keys():
        shares[word] = float(found[word]) / float(len(sentences))
    return shares


def build_vocabulary(sentences: List[str], size: int) -> Tuple[Dict[str, int], List[List[int]]]:
    counts = count_words(sentences)
    words = sorted(counts.keys())
    vocabulary: Dict[str, int] = {"<OOV>": 1}
    for number in range(2, size + 2):
        best = ""
        for word in words:
            if not (word in vocabulary):
                if best == "":
                    best = word
                elif counts[word] > counts[best]:
                    best = word
        if best != "":
            vocabulary[best] = number
    ids: List[List[int]] = []
    for sentence in sentences:
        row: List[int] = []
        for word in words_of(sentence):
            if word in vocabulary:
                row.append(vocabulary[word])
            else:
                row.append(1)
        ids.append(row)
    return vocabulary, ids
