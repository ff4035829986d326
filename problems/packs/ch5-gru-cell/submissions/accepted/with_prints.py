import numpy as np


class Cell:
    def __init__(self, W_z, W_r, W_h, b_z, b_r, b_h):
        self.W_z, self.W_r, self.W_h = W_z, W_r, W_h
        self.b_z, self.b_r, self.b_h = b_z, b_r, b_h

    def gate(self, W, v, b):
        return 1.0 / (1.0 + np.exp(-(v @ W.T + b)))

    def __call__(self, x, h):
        v = np.hstack([h, x])
        z = self.gate(self.W_z, v, self.b_z)
        r = self.gate(self.W_r, v, self.b_r)
        print("z =", z)
        print("r =", r)
        h_tilde = np.tanh(np.hstack([r * h, x]) @ self.W_h.T + self.b_h)
        return (1 - z) * h + z * h_tilde


def gru_cell(x, h, W_z, W_r, W_h, b_z, b_r, b_h):
    print("x", x.shape, "h", h.shape)
    return Cell(W_z, W_r, W_h, b_z, b_r, b_h)(x, h)


if __name__ == "__main__":
    raise SystemExit("not imported as a module")
