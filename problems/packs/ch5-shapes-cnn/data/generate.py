"""Makes the tables of this pack and its example submissions, with NumPy alone.

    python generate.py

Four shapes of 5 × 5 pixels, anywhere on an image of 10 × 10, with noise. The good
network slides small filters over the image and takes the strongest response: where
the shape stands makes no difference. Full batch, cross-entropy, Adam.
"""

import json
import struct
from pathlib import Path

import numpy as np

PACK = Path(__file__).parent.parent
SIDE, SHAPE = 10, 5

STROKES = [
    ["..#..", "..#..", "#####", "..#..", "..#.."],
    ["#...#", ".#.#.", "..#..", ".#.#.", "#...#"],
    ["#####", "#...#", "#...#", "#...#", "#####"],
    ["#....", "#....", "#....", "#....", "#####"],
]


def images(rng, per_class):
    x, y = [], []
    for label, stroke in enumerate(STROKES):
        mask = np.array([[c == "#" for c in row] for row in stroke])
        for _ in range(per_class):
            image = rng.integers(0, 4, (SIDE, SIDE))
            top, left = rng.integers(0, SIDE - SHAPE + 1, 2)
            ink = rng.integers(4, 9) + rng.integers(-1, 2, (SHAPE, SHAPE))
            window = image[top : top + SHAPE, left : left + SHAPE]
            window[mask] = ink[mask]
            x.append(image.clip(0, 9))
            y.append(label)
    x, y = np.array(x), np.array(y)
    order = rng.permutation(len(y))
    return x[order], y[order]


def windows(x, kernel):
    """(images, places, kernel²), the places in C order."""
    view = np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), axis=(1, 2))
    return view.reshape(len(x), -1, kernel * kernel)


def softmax_error(scores, y):
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    delta = scores / scores.sum(axis=1, keepdims=True)
    delta[np.arange(len(y)), y] -= 1
    return delta / len(y)


class Adam:
    def __init__(self, weights, rate):
        self.rate, self.step = rate, 0
        self.first = [np.zeros_like(w) for w in weights]
        self.second = [np.zeros_like(w) for w in weights]

    def update(self, weights, gradients):
        self.step += 1
        for i, gradient in enumerate(gradients):
            self.first[i] = 0.9 * self.first[i] + 0.1 * gradient
            self.second[i] = 0.999 * self.second[i] + 0.001 * gradient**2
            first = self.first[i] / (1 - 0.9**self.step)
            second = self.second[i] / (1 - 0.999**self.step)
            weights[i] -= self.rate * first / (np.sqrt(second) + 1e-8)


def start_cnn(rng, filters, kernel):
    """As nn.Conv2d and nn.Linear start."""
    bound, out = 1 / kernel, 1 / np.sqrt(filters)
    return [
        rng.uniform(-bound, bound, (filters, kernel * kernel)),
        rng.uniform(-bound, bound, filters),
        rng.uniform(-out, out, (4, filters)),
        rng.uniform(-out, out, 4),
    ]


def cnn_scores(weights, x, kernel):
    z = windows(x, kernel) @ weights[0].T + weights[1]
    best = z.argmax(axis=1)
    pooled = np.maximum(np.take_along_axis(z, best[:, None], axis=1)[:, 0], 0)
    return pooled @ weights[2].T + weights[3], (best, pooled)


def train_cnn(rng, x, y, filters, kernel, steps):
    weights = start_cnn(rng, filters, kernel)
    adam = Adam(weights, 0.01)
    view = windows(x, kernel)
    for _ in range(steps):
        scores, (best, pooled) = cnn_scores(weights, x, kernel)
        delta = softmax_error(scores, y)
        back = (delta @ weights[2]) * (pooled > 0)
        # Only the window that won in pooling is felt.
        at = np.take_along_axis(view, best[:, :, None], axis=1)
        gradients = [
            np.einsum("if,ifk->fk", back, at),
            back.sum(axis=0),
            delta.T @ pooled,
            delta.sum(axis=0),
        ]
        adam.update(weights, gradients)
    return weights


def train_linear(rng, x, y, steps):
    flat = x.reshape(len(x), -1)
    weights = [rng.uniform(-0.1, 0.1, (4, SIDE * SIDE)), np.zeros(4)]
    adam = Adam(weights, 0.003)
    for _ in range(steps):
        delta = softmax_error(flat @ weights[0].T + weights[1], y)
        adam.update(weights, [delta.T @ flat, delta.sum(axis=0)])
    return weights


def save(path, named):
    header, data = {}, b""
    for name, weight in named.items():
        raw = np.ascontiguousarray(weight, dtype=np.float32).tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(weight.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    (PACK / f"submissions/{path}.safetensors").write_bytes(
        struct.pack("<Q", len(text)) + text + data
    )


def layers(path, *tables):
    text = "\n\n".join("[[layers]]\n" + "\n".join(table) for table in tables) + "\n"
    (PACK / f"submissions/{path}.layers.toml").write_text(text)


def cnn(path, weights, kernel):
    filters = len(weights[0])
    named = {
        "0.weight": weights[0].reshape(filters, 1, kernel, kernel),
        "0.bias": weights[1],
        "4.weight": weights[2],
        "4.bias": weights[3],
    }
    save(path, named)
    layers(
        path,
        ['kind = "conv2d"', f"out = {filters}", f"kernel = {kernel}"],
        ['kind = "relu"'],
        ['kind = "adaptive_max_pool2d"', "size = 1"],
        ['kind = "flatten"'],
        ['kind = "linear"', "out = 4"],
    )
    return named


def linear(path, weights):
    save(path, {"1.weight": weights[0], "1.bias": weights[1]})
    layers(path, ['kind = "flatten"'], ['kind = "linear"', "out = 4"])


def table(name, head, rows):
    lines = [",".join(head), *(",".join(map(str, row)) for row in rows)]
    (PACK / "data" / name).write_text("\n".join(lines) + "\n")


def main():
    pixels = [f"x{i}" for i in range(SIDE * SIDE)]
    x, y = images(np.random.default_rng(1), 100)
    hidden, labels = images(np.random.default_rng(2), 75)
    table("train.csv", ["label", *pixels], ([b, *a.ravel()] for a, b in zip(x, y)))
    table(
        "hidden.csv",
        ["id", "split", "label", *pixels],
        ([i, "AB"[i % 2], b, *a.ravel()] for i, (a, b) in enumerate(zip(hidden, labels))),
    )

    part = np.arange(len(labels)) % 2 == 0

    def report(name, scores):
        right = (scores.argmax(axis=1) == labels)[part].mean()
        print(f"{name}: {right:.4f}")

    good = train_cnn(np.random.default_rng(3), x, y, 8, 5, 1200)
    small = train_cnn(np.random.default_rng(8), x, y, 12, 3, 1200)
    # As in the module: pixels from −1 to 1.
    scaled = train_cnn(np.random.default_rng(4), x * 2 / 9 - 1, y, 8, 5, 1200)
    mixed = train_cnn(np.random.default_rng(5), x, np.random.default_rng(11).permutation(y), 8, 5, 300)
    fresh = start_cnn(np.random.default_rng(7), 8, 5)
    flat = train_linear(np.random.default_rng(9), x, y, 1200)
    for name, weights, kernel in [
        ("good", good, 5), ("small", small, 3), ("scaled", scaled, 5),
        ("mixed", mixed, 5), ("fresh", fresh, 5),
    ]:
        report(name, cnn_scores(weights, hidden, kernel)[0])
    report("linear", hidden.reshape(len(hidden), -1) @ flat[0].T + flat[1])

    cnn("accepted/five_by_five", good, 5)
    cnn("wrong_answer/three_by_three", small, 3)
    linear("wrong_answer/linear", flat)
    cnn("wrong_answer/trained_on_minus_one_to_one", scaled, 5)
    cnn("wrong_answer/labels_shuffled", mixed, 5)
    cnn("wrong_answer/untrained", fresh, 5)
    constant = [weight * 0 for weight in good]
    constant[3][2] = 1.0
    cnn("wrong_answer/constant", constant, 5)
    cnn("wrong_answer/classes_in_another_order", good[:2] + [np.roll(w, 1, axis=0) for w in good[2:]], 5)

    # Too many parameters: a hidden layer between all pixels and the classes.
    rng = np.random.default_rng(10)
    save(
        "compile_error/too_many_parameters",
        {
            "1.weight": rng.normal(size=(16, 100)), "1.bias": np.zeros(16),
            "3.weight": rng.normal(size=(4, 16)), "3.bias": np.zeros(4),
        },
    )
    layers(
        "compile_error/too_many_parameters",
        ['kind = "flatten"'], ['kind = "linear"', "out = 16"], ['kind = "relu"'], ['kind = "linear"', "out = 4"],
    )
    # Few parameters, many of them used again and again.
    save("compile_error/too_many_operations", {"0.weight": rng.normal(size=(1, 1, 9, 9)), "0.bias": np.zeros(1), "4.weight": rng.normal(size=(4, 1)), "4.bias": np.zeros(4)})
    layers(
        "compile_error/too_many_operations",
        ['kind = "conv2d"', "out = 1", "kernel = 9", "padding = 40"],
        ['kind = "relu"'], ['kind = "adaptive_max_pool2d"', "size = 1"], ['kind = "flatten"'], ['kind = "linear"', "out = 4"],
    )
    # Three outputs for four classes.
    save("compile_error/three_outputs", {"1.weight": rng.normal(size=(3, 100)), "1.bias": np.zeros(3)})
    layers("compile_error/three_outputs", ['kind = "flatten"'], ['kind = "linear"', "out = 3"])
    # The layers say one thing and the file another.
    named = cnn("compile_error/layers_of_another_network", good, 5)
    save("compile_error/layers_of_another_network", {**named, "0.weight": named["0.weight"][:6], "0.bias": named["0.bias"][:6]})
    cnn("compile_error/kind_misspelt", good, 5)
    path = PACK / "submissions/compile_error/kind_misspelt.layers.toml"
    path.write_text(path.read_text().replace("conv2d", "conv_2d"))
    # Weights alone do not say what they are for.
    save("compile_error/no_layers", named)


main()
