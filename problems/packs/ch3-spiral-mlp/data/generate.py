"""Makes the tables of this pack and its example submissions, with NumPy alone.

    python generate.py

Three arms of a spiral, in centimetres. The network is trained on coordinates
divided by ten: full batch, cross-entropy, Adam.
"""

import json
import struct
from pathlib import Path

import numpy as np

PACK = Path(__file__).parent.parent
SIZES = [2, 16, 16, 3]
SCALE = 10.0


def spiral(rng, per_class):
    x, y = [], []
    for label in range(3):
        t = rng.uniform(0.08, 1.0, per_class)
        angle = 3.6 * t + label * 2 * np.pi / 3 + rng.normal(0, 0.09, per_class)
        x.append(np.stack([t * np.cos(angle), t * np.sin(angle)], axis=1) * SCALE)
        y.append(np.full(per_class, label))
    x, y = np.concatenate(x), np.concatenate(y)
    order = rng.permutation(len(y))
    return np.round(x[order], 3), y[order]


def start(rng):
    """As nn.Linear starts: uniform within one over the root of the inputs."""
    weights = []
    for inputs, outputs in zip(SIZES, SIZES[1:]):
        bound = 1 / np.sqrt(inputs)
        weights.append(rng.uniform(-bound, bound, (outputs, inputs)))
        weights.append(rng.uniform(-bound, bound, outputs))
    return weights


def forward(weights, x):
    kept = [x]
    for layer in range(3):
        x = x @ weights[2 * layer].T + weights[2 * layer + 1]
        if layer < 2:
            x = np.tanh(x)
        kept.append(x)
    return kept


def train(rng, x, y, steps):
    weights = start(rng)
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    for step in range(1, steps + 1):
        kept = forward(weights, x)
        scores = np.exp(kept[-1] - kept[-1].max(axis=1, keepdims=True))
        delta = scores / scores.sum(axis=1, keepdims=True)
        delta[np.arange(len(y)), y] -= 1
        delta /= len(y)
        gradients = [None] * 6
        for layer in (2, 1, 0):
            gradients[2 * layer] = delta.T @ kept[layer]
            gradients[2 * layer + 1] = delta.sum(axis=0)
            delta = (delta @ weights[2 * layer]) * (1 - kept[layer] ** 2)
        for i, gradient in enumerate(gradients):
            first[i] = 0.9 * first[i] + 0.1 * gradient
            second[i] = 0.999 * second[i] + 0.001 * gradient**2
            rate = 0.01 * np.sqrt(1 - 0.999**step) / (1 - 0.9**step)
            weights[i] = weights[i] - rate * first[i] / (np.sqrt(second[i]) + 1e-8)
    return weights


NAMES = ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"]


def save(path, weights, names=NAMES, dtype=np.float32):
    code = {np.float16: "F16", np.float32: "F32", np.float64: "F64"}[dtype]
    header, data = {}, b""
    for name, weight in zip(names, weights):
        raw = np.ascontiguousarray(weight, dtype=dtype).tobytes()
        header[name] = {
            "dtype": code,
            "shape": list(weight.shape),
            "data_offsets": [len(data), len(data) + len(raw)],
        }
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path = PACK / "submissions" / path
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def report(name, weights, x, y):
    right = (forward(weights, x)[-1].argmax(axis=1) == y).mean()
    print(f"{name}: {right:.4f}")


def main():
    x, y = spiral(np.random.default_rng(1), 120)
    hidden_x, hidden_y = spiral(np.random.default_rng(2), 100)
    hidden_x = np.round(hidden_x / SCALE, 4)
    lines = [f"{a},{b},{label}" for (a, b), label in zip(x, y)]
    (PACK / "data/train.csv").write_text("\n".join(["x0,x1,label", *lines]) + "\n")
    lines = [
        f"{row},{'AB'[row % 2]},{label},{a},{b}"
        for row, ((a, b), label) in enumerate(zip(hidden_x, hidden_y))
    ]
    (PACK / "data/hidden.csv").write_text("\n".join(["id,split,label,x0,x1", *lines]) + "\n")

    good = train(np.random.default_rng(3), x / SCALE, y, 1500)
    short = train(np.random.default_rng(3), x / SCALE, y, 60)
    raw = train(np.random.default_rng(4), x, y, 1500)
    mixed = train(np.random.default_rng(5), x / SCALE, np.random.default_rng(6).permutation(y), 200)
    fresh = start(np.random.default_rng(7))
    last = [np.roll(weight, 1, axis=0) for weight in good[4:]]
    renamed = good[:4] + last
    constant = [weight * 0 for weight in good]
    constant[5][1] = 1.0
    a = np.arange(len(hidden_y)) % 2 == 0
    for name, weights in [
        ("good", good), ("short", short), ("raw", raw), ("mixed", mixed),
        ("fresh", fresh), ("renamed", renamed), ("constant", constant),
    ]:
        report(name, weights, hidden_x[a], hidden_y[a])

    save("accepted/trained.safetensors", good)
    save("accepted/float16.safetensors", good, dtype=np.float16)
    save("accepted/float64.safetensors", good, dtype=np.float64)
    save("wrong_answer/too_few_steps.safetensors", short)
    save("wrong_answer/unnormalised.safetensors", raw)
    save("wrong_answer/rows_and_labels_shuffled_apart.safetensors", mixed)
    save("wrong_answer/untrained.safetensors", fresh)
    save("wrong_answer/classes_in_another_order.safetensors", renamed)
    save("wrong_answer/constant.safetensors", constant)
    diverged = [weight.copy() for weight in good]
    diverged[2][3, 4] = np.nan
    diverged[5][:] = np.inf
    save("wrong_answer/diverged.safetensors", diverged)
    save("wrong_answer/huge.safetensors", [weight * 1e8 for weight in good])
    turned = [weight.T for weight in good]
    save("compile_error/transposed.safetensors", turned)
    save("compile_error/one_layer_missing.safetensors", good[:4])
    save("compile_error/inside_another_module.safetensors", good, ["model." + n for n in NAMES])
    save("compile_error/other_names.safetensors", good, ["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias", "out.weight", "out.bias"])
    whole = (PACK / "submissions/accepted/trained.safetensors").read_bytes()
    (PACK / "submissions/compile_error/cut_off.safetensors").write_bytes(whole[:-40])
    # What torch.save writes begins as every zip does.
    (PACK / "submissions/compile_error/torch_save.safetensors").write_bytes(b"PK\x03\x04" + bytes(60))


main()
