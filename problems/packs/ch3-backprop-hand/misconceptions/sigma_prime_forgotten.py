# In both layers.
def reference(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, y: Tensor, eta: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    z1 = torch.mv(W1, x) + b1
    a1 = torch.sigmoid(z1)
    z2 = torch.dot(W2, a1) + b2
    a2 = torch.sigmoid(z2)
    d2 = 2.0 * (a2 - y)
    gW2 = d2 * a1
    W2_new = W2 - eta * gW2
    d1 = W2 * d2
    gW1 = torch.outer(d1, x)
    return z1, a1, z2, a2, d2, d1, gW2, gW1, W2_new, b2 - eta * d2, W1 - eta * gW1, b1 - eta * d1
