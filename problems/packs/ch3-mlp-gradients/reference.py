# The right gradients are libtorch's own, by automatic differentiation; nothing here
# knows the formulas that students derive. Those are in `trace` alone, which shows
# the way there, and in the misconceptions.
def reference(X: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    W1g = W1.clone().detach().requires_grad_(True)
    b1g = b1.clone().detach().requires_grad_(True)
    W2g = W2.clone().detach().requires_grad_(True)
    b2g = b2.clone().detach().requires_grad_(True)
    A1 = torch.sigmoid(X @ W1g + b1g)
    a2 = torch.sigmoid(A1 @ W2g + b2g)
    loss = torch.mean((a2 - y) ** 2)
    grads = torch.autograd.grad([loss], [W1g, b1g, W2g, b2g])
    dW1, db1, dW2, db2 = grads[0], grads[1], grads[2], grads[3]
    assert dW1 is not None and db1 is not None and dW2 is not None and db2 is not None
    return dW1, db1, dW2, db2


def descend(X: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, eta: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    for step in range(5):
        dW1, db1, dW2, db2 = reference(X, y, W1, b1, W2, b2)
        W1, b1 = W1 - eta * dW1, b1 - eta * db1
        W2, b2 = W2 - eta * dW2, b2 - eta * db2
    return W1, b1, W2, b2


def trace(X: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor) -> List[Tuple[str, Tensor]]:
    Z1 = X @ W1 + b1
    A1 = torch.sigmoid(Z1)
    z2 = A1 @ W2 + b2
    a2 = torch.sigmoid(z2)
    dL_da2 = 2.0 * (a2 - y) / float(y.size(0))
    delta2 = dL_da2 * a2 * (1.0 - a2)
    dL_dA1 = torch.outer(delta2, W2)
    delta1 = dL_dA1 * A1 * (1.0 - A1)
    return [("Z1", Z1), ("A1", A1), ("z2", z2), ("a2", a2), ("dL_da2", dL_da2), ("delta2", delta2), ("dL_dA1", dL_dA1), ("delta1", delta1)]


# The loss before each step and after the last one: it should fall.
def losses(X: Tensor, y: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, eta: Tensor) -> List[Tuple[str, Tensor]]:
    steps: List[Tuple[str, Tensor]] = []
    for step in range(6):
        a2 = torch.sigmoid(torch.sigmoid(X @ W1 + b1) @ W2 + b2)
        steps.append(("L_" + str(step), torch.mean((a2 - y) ** 2)))
        dW1, db1, dW2, db2 = reference(X, y, W1, b1, W2, b2)
        W1, b1 = W1 - eta * dW1, b1 - eta * db1
        W2, b2 = W2 - eta * dW2, b2 - eta * db2
    return steps
