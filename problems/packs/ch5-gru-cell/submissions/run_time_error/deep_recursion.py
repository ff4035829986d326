def depth(n):
    return 1 + depth(n + 1)


def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    return h * depth(0)
