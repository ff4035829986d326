# The gradients come from libtorch's own differentiation; the functions below,
# which carry errors forward, are the formulas of section 3.4. Preparing the pack
# proves that both agree.
def reference(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, y: Tensor, eta: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    W1g = W1.clone().detach().requires_grad_(True)
    b1g = b1.clone().detach().requires_grad_(True)
    W2g = W2.clone().detach().requires_grad_(True)
    b2g = b2.clone().detach().requires_grad_(True)
    z1 = torch.mv(W1g, x) + b1g
    a1 = torch.sigmoid(z1)
    z2 = torch.dot(W2g, a1) + b2g
    a2 = torch.sigmoid(z2)
    grads = torch.autograd.grad([(y - a2) ** 2], [W1g, b1g, W2g, b2g])
    gW1, d1, gW2, d2 = grads[0], grads[1], grads[2], grads[3]
    assert gW1 is not None and d1 is not None and gW2 is not None and d2 is not None
    return z1.detach(), a1.detach(), z2.detach(), a2.detach(), d2, d1, gW2, gW1, W2 - eta * gW2, b2 - eta * d2, W1 - eta * gW1, b1 - eta * d1


def a1_from(z1: Tensor) -> Tensor:
    return torch.sigmoid(z1)


def z2_from(a1: Tensor, W2: Tensor, b2: Tensor) -> Tensor:
    return torch.dot(W2, a1) + b2


def a2_from(z2: Tensor) -> Tensor:
    return torch.sigmoid(z2)


def d2_from(a2: Tensor, y: Tensor) -> Tensor:
    return 2.0 * (a2 - y) * a2 * (1.0 - a2)


def d1_from(d2: Tensor, a1: Tensor, W2: Tensor) -> Tensor:
    return W2 * d2 * a1 * (1.0 - a1)


def gW2_from(d2: Tensor, a1: Tensor) -> Tensor:
    return d2 * a1


def gW1_from(d1: Tensor, x: Tensor) -> Tensor:
    return torch.outer(d1, x)


def W2_new_from(gW2: Tensor, W2: Tensor, eta: Tensor) -> Tensor:
    return W2 - eta * gW2


def b2_new_from(d2: Tensor, b2: Tensor, eta: Tensor) -> Tensor:
    return b2 - eta * d2


def W1_new_from(gW1: Tensor, W1: Tensor, eta: Tensor) -> Tensor:
    return W1 - eta * gW1


def b1_new_from(d1: Tensor, b1: Tensor, eta: Tensor) -> Tensor:
    return b1 - eta * d1


# The steps in their order; those that no field asks for stand between.
def trace(x: Tensor, W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, y: Tensor, eta: Tensor) -> List[Tuple[str, Tensor]]:
    z1 = torch.mv(W1, x) + b1
    a1 = torch.sigmoid(z1)
    z2 = torch.dot(W2, a1) + b2
    a2 = torch.sigmoid(z2)
    dL_da2 = 2.0 * (a2 - y)
    s2 = a2 * (1.0 - a2)
    d2 = dL_da2 * s2
    dL_da1 = W2 * d2
    s1 = a1 * (1.0 - a1)
    d1 = dL_da1 * s1
    gW2 = d2 * a1
    gW1 = torch.outer(d1, x)
    return [("z1", z1), ("a1", a1), ("z2", z2), ("a2", a2), ("dL_da2", dL_da2), ("s2", s2), ("d2", d2), ("dL_da1", dL_da1), ("s1", s1), ("d1", d1), ("gW2", gW2), ("gW1", gW1), ("W2_new", W2 - eta * gW2), ("b2_new", b2 - eta * d2), ("W1_new", W1 - eta * gW1), ("b1_new", b1 - eta * d1)]


# Errors of four decimals must show what went wrong: no layer may be nearly done
# learning, and no hidden error may drown in rounding.
def accept(d2: Tensor, d1: Tensor) -> bool:
    return bool(torch.abs(d2) > 0.05) and bool((torch.abs(d1) > 0.005).all())
