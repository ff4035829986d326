def to_ids(tokens: List[str], vocabulary: Dict[str, int]) -> Tensor:
    ids: List[int] = []
    for token in tokens:
        if token in vocabulary:
            ids.append(vocabulary[token])
        else:
            ids.append(vocabulary["<OOV>"])
    return torch.tensor(ids)


def pad(ids: Tensor, length: Tensor) -> Tuple[Tensor, Tensor]:
    size = int(length.item())
    kept = ids[:size]
    padded = F.pad(kept, [0, size - kept.size(0)])
    return padded, torch.arange(size) < kept.size(0)
