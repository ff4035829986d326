def reference(I: Tensor, K: Tensor) -> Tensor:
    return torch.conv2d(I[None, None], torch.abs(K)[None, None])[0, 0]
