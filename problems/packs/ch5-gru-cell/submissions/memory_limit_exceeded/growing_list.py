def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    kept = [0]
    while True:
        kept += kept
