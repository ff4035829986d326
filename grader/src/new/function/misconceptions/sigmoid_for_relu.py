def reference(x: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return torch.sigmoid(F.linear(x, W, b))
