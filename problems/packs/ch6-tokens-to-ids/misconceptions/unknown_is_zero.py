def to_ids(tokens: List[str], vocabulary: Dict[str, int]) -> Tensor:
    ids: List[int] = []
    for token in tokens:
        if token in vocabulary:
            ids.append(vocabulary[token])
        else:
            ids.append(0)
    return torch.tensor(ids)
