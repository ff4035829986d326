def reference(I: Tensor, K: Tensor) -> Tensor:
    S = torch.conv2d(I[None, None], K[None, None])[0, 0]
    return S[: S.size(0) - 1, : S.size(1) - 1]
