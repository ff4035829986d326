# ∂L/∂W⁽¹⁾ as Δᵀ X: right numbers, lying on their side.
def reference(X: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    Z1 = X @ W1 + b1
    A1 = torch.sigmoid(Z1)
    z2 = A1 @ W2 + b2
    a2 = torch.sigmoid(z2)
    delta2 = 2.0 * (a2 - y) * a2 * (1.0 - a2) / float(y.size(0))
    delta1 = torch.outer(delta2, W2) * A1 * (1.0 - A1)
    return delta1.t() @ X, delta1.sum(0), A1.t() @ delta2, delta2.sum()
