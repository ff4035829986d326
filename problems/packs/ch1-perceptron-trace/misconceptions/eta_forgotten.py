def step(z: Tensor) -> Tensor:
    return torch.heaviside(z, torch.ones_like(z))


def reference(X: Tensor, y: Tensor, eta: Tensor) -> Dict[str, Tensor]:
    w = torch.zeros([2])
    b = torch.zeros([])
    rows: List[Tensor] = []
    for epoch in range(2):
        for i in range(X.size(0)):
            z = torch.dot(w, X[i]) + b
            y_hat = step(z)
            w = w + (y[i] - y_hat) * X[i]
            b = b + (y[i] - y_hat)
            rows.append(torch.stack([z, y_hat, w[0], w[1], b]))
    steps = torch.stack(rows)
    last = steps[-1]
    return {
        "steps": steps,
        "updates": (y.repeat([2]) - steps[:, 1]).abs().sum(),
        "right": (torch.heaviside(X @ last[2:4] + last[4], torch.ones([4])) - y).abs().sum(),
        "separable": torch.tensor([1.0, 1.0, 0.0, 1.0, 0.0])
    }
