def pad(ids: Tensor, length: Tensor) -> Tuple[Tensor, Tensor]:
    size = int(length.item())
    kept = ids[:size]
    missing = size - kept.size(0)
    return F.pad(kept, [missing, 0]), torch.arange(size) >= missing
