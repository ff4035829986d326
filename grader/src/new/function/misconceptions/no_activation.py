def reference(x: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return F.linear(x, W, b)
