# Divided by the number of words instead of sentences.
def words_of(sentence: str) -> List[str]:
    return sentence.lower().split()


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
    total = 0
    for sentence in sentences:
        total += len(words_of(sentence))
    shares: Dict[str, float] = {}
    for word in found.keys():
        shares[word] = float(found[word]) / float(total)
    return shares
