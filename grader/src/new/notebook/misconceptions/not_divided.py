def reference(X: Tensor) -> Tensor:
    return X - X.mean(0)
