def reference(x: Tensor, w: Tensor, b: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    z = torch.dot(w, x) + b
    a = torch.tanh(z)
    return z, a, (a >= 0.5).to(torch.float64)
