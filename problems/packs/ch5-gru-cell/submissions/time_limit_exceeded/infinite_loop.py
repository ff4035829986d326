def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    while True:
        h = h + 0.0
