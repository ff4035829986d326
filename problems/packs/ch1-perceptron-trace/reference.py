def step(z: Tensor) -> Tensor:
    # 1 at zero, as in the module.
    return torch.heaviside(z, torch.ones_like(z))


def train(X: Tensor, y: Tensor, eta: Tensor) -> Tensor:
    w = torch.zeros([2])
    b = torch.zeros([])
    rows: List[Tensor] = []
    for epoch in range(2):
        for i in range(X.size(0)):
            z = torch.dot(w, X[i]) + b
            y_hat = step(z)
            w = w + eta * (y[i] - y_hat) * X[i]
            b = b + eta * (y[i] - y_hat)
            rows.append(torch.stack([z, y_hat, w[0], w[1], b]))
    return torch.stack(rows)


def updates_from(y: Tensor, steps: Tensor) -> Tensor:
    return (y.repeat([2]) - steps[:, 1]).abs().sum()


def wrong_at_the_end(X: Tensor, y: Tensor, steps: Tensor) -> Tensor:
    last = steps[-1]
    return (step(X @ last[2:4] + last[4]) - y).abs().sum()


def reference(X: Tensor, y: Tensor, eta: Tensor) -> Dict[str, Tensor]:
    steps = train(X, y, eta)
    return {
        "steps": steps,
        "updates": updates_from(y, steps),
        "right": wrong_at_the_end(X, y, steps),
        "separable": torch.tensor([1.0, 1.0, 0.0, 1.0, 0.0])
    }


# Every row from the row above as it was typed, and every cell of a row from the
# cells before it.
def steps_from(X: Tensor, y: Tensor, eta: Tensor, steps: Tensor) -> Tensor:
    before = torch.cat([torch.zeros([1, 3]), steps[:-1, 2:]])
    x, target = X.repeat([2, 1]), y.repeat([2])
    z = (before[:, :2] * x).sum(1) + before[:, 2]
    y_hat = step(steps[:, 0])
    error = target - steps[:, 1]
    w = before[:, :2] + eta * error[:, None] * x
    b = before[:, 2] + eta * error
    return torch.cat([z[:, None], y_hat[:, None], w, b[:, None]], 1)
