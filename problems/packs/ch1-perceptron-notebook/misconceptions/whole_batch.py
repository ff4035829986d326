def step(z: Tensor) -> Tensor:
    return (z >= 0.0).to(torch.float64)


def reference(X: Tensor, w_true: Tensor, b_true: Tensor, X_test: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    X = X.to(torch.float64)
    y = step(torch.mv(X, w_true.to(torch.float64)) + b_true)
    w = torch.zeros_like(X[0])
    b = torch.zeros_like(w[0])
    for epoch in range(10):
        error = y - step(torch.mv(X, w) + b)
        w = w + torch.mv(X.t(), error)
        b = b + error.sum()
    predictions = step(torch.mv(X_test.to(torch.float64), w) + b).to(torch.int64)
    return w, b, predictions
