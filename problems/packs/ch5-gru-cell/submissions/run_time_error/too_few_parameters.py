def gru_cell(x, h):
    return h
