def reference(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    joined = torch.cat([h, x], -1)
    z = torch.sigmoid(F.linear(joined, W_z, b_z))
    r = torch.sigmoid(F.linear(joined, W_r, b_r))
    candidate = torch.tanh(F.linear(torch.cat([r * h, x], -1), W_h, b_h))
    return (1.0 - z) * h + z * candidate


def final_state(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> Tensor:
    state = h
    for t in range(x.size(0)):
        state = reference(x[t], state, W_z, W_r, W_h, b_z, b_r, b_h)
    return state


def trace(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> List[Tuple[str, Tensor]]:
    joined = torch.cat([h, x], -1)
    z = torch.sigmoid(F.linear(joined, W_z, b_z))
    r = torch.sigmoid(F.linear(joined, W_r, b_r))
    candidate = torch.tanh(F.linear(torch.cat([r * h, x], -1), W_h, b_h))
    return [("joined", joined), ("z", z), ("r", r), ("reset", r * h), ("candidate", candidate), ("kept", (1.0 - z) * h), ("taken", z * candidate)]


def states(x: Tensor, h: Tensor, W_z: Tensor, W_r: Tensor, W_h: Tensor, b_z: Tensor, b_r: Tensor, b_h: Tensor) -> List[Tuple[str, Tensor]]:
    state = h
    steps: List[Tuple[str, Tensor]] = []
    for t in range(x.size(0)):
        state = reference(x[t], state, W_z, W_r, W_h, b_z, b_r, b_h)
        steps.append(("h_" + str(t + 1), state))
    return steps
