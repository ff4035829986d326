def reference(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    joined = torch.cat([h, x], -1)
    z = torch.sigmoid(F.linear(joined, W_z, b_z))
    r = torch.sigmoid(F.linear(joined, W_r, b_r))
    candidate = torch.tanh(F.linear(torch.cat([r * h, x], -1), W_h, b_h))
    return candidate
