# The upper left part of the padded map: what fits into the field.
def reference(I: Tensor, K: Tensor) -> Tensor:
    return torch.conv2d(I[None, None], K[None, None], padding=1)[0, 0, :3, :3]
