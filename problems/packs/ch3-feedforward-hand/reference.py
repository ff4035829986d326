def reference(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    z1 = x @ W1 + b1
    a1 = torch.sigmoid(z1)
    z2 = (a1 @ W2 + b2)[0]
    a2 = torch.sigmoid(z2)
    return z1, a1, z2, a2


# No two neurons alike, so that a swap shows; and no hidden neuron at 0, where the
# sigmoid is 0.5 without any work.
def accept(z1: Tensor) -> bool:
    apart = torch.abs(z1.unsqueeze(0) - z1.unsqueeze(1)) + torch.eye(3, dtype=z1.dtype)
    return bool((apart > 0.05).all()) and bool((torch.abs(z1) > 0.03).all())
