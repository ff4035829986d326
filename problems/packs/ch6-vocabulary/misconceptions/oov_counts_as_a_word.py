# <OOV> takes one of the places.
def words_of(sentence: str) -> List[str]:
    return sentence.lower().split()


def counts_of(sentences: List[str]) -> Dict[str, int]:
    counts: Dict[str, int] = {}
    for sentence in sentences:
        for word in words_of(sentence):
            if word in counts:
                counts[word] = counts[word] + 1
            else:
                counts[word] = 1
    return counts


def build_vocabulary(sentences: List[str], size: int) -> Tuple[Dict[str, int], List[List[int]]]:
    counts = counts_of(sentences)
    words = sorted(counts.keys())
    vocabulary: Dict[str, int] = {"<OOV>": 1}
    for number in range(2, size + 1):
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
