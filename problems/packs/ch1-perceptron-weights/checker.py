def step(z: Tensor) -> Tensor:
    # 1 at zero, as in the module.
    return torch.heaviside(z, torch.ones_like(z))


def count_right(y_hat: Tensor, y: Tensor) -> int:
    return int(torch.sum(y_hat == y).item())


def check_and(X: Tensor, y_and: Tensor, w: Tensor, b: Tensor) -> Tuple[float, str]:
    right = count_right(step(X @ w + b), y_and)
    if right == 4:
        return 1.0, ""
    return 0.0, ["and_0", "and_1", "and_2", "and_3"][right]


def check_xor(X: Tensor, y_xor: Tensor, W1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tuple[float, str]:
    hidden = step(X @ W1.t() + b1)
    right = count_right(step(hidden @ w2 + b2), y_xor)
    if right == 4:
        return 1.0, ""
    # With hidden neurons that do the same, the network is one perceptron.
    if bool(torch.all(hidden[:, 0] == hidden[:, 1]).item()):
        return 0.0, "hidden_alike"
    return 0.0, ["xor_0", "xor_1", "xor_2", "xor_3"][right]
