def reference(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    z1 = x @ W1 + b1
    a1 = torch.sigmoid(z1)
    z2 = (a1 @ W2 + b2)[0]
    a2 = z2
    return z1, a1, z2, a2
