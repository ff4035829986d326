def reference(X: Tensor) -> Tensor:
    return (X - X.mean(0)) / X.std(0, unbiased=False)
