def reference(I: Tensor, K: Tensor) -> Tensor:
    # conv2d slides without flipping the kernel, as the module's formula does.
    return torch.conv2d(I[None, None], K[None, None])[0, 0]


# A map of zeros would show nothing: at most two of the nine windows are balanced.
def accept(S: Tensor) -> bool:
    return int((S != 0).sum()) >= 7
