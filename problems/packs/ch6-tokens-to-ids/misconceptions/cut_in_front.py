def pad(ids: Tensor, length: Tensor) -> Tuple[Tensor, Tensor]:
    size = int(length.item())
    n = ids.size(0)
    kept = ids[max(n - size, 0):]
    return F.pad(kept, [0, size - kept.size(0)]), torch.arange(size) < kept.size(0)
