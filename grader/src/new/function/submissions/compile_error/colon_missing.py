def layer(x, W, b)
    return x @ W.T + b
