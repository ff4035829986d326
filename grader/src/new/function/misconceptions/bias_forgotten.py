def reference(x: Tensor, W: Tensor, b: Tensor) -> Tensor:
    return torch.relu(F.linear(x, W))
