def pad(ids: Tensor, length: Tensor) -> Tuple[Tensor, Tensor]:
    size = int(length.item())
    kept = ids[:size]
    return F.pad(kept, [0, size - kept.size(0)]), torch.arange(size) >= kept.size(0)
