"""Makes this pack's data and its example submissions: python3 data/make.py

Needs NumPy alone. The seed is fixed, so the same version of NumPy writes the same
files. Mangoes are sold abroad if their weight and sugar lie within an ellipse: no
straight line parts them from the rest. A few are graded wrongly, as graders do.
"""

import csv
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SUBMISSIONS = HERE.parent / "submissions"
FEATURES = ["weight_g", "sugar_brix", "firmness_n"]
TRAIN, TEST, IN_SPLIT_A = 400, 300, 120
GRADED_WRONGLY = 0.03

rng = np.random.default_rng(36)


def draw(count):
    weight = rng.normal(350.0, 90.0, count)
    sugar = rng.normal(14.0, 2.5, count)
    firmness = rng.normal(30.0, 8.0, count)
    u, v = (weight - 350.0) / 90.0, (sugar - 14.0) / 2.5
    label = ((u + 0.4 * v) ** 2 + v**2 < 1.3).astype(int)
    wrong = rng.random(count) < GRADED_WRONGLY
    features = np.column_stack([weight.round(0), sugar.round(1), firmness.round(1)])
    return features, np.where(wrong, 1 - label, label)


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-np.clip(z, -60.0, 60.0)))


def train(X, y, hidden, epochs, eta=0.3, seed=0):
    """An MLP with one hidden layer (tanh), or none where `hidden` is 0."""
    random = np.random.default_rng(seed)
    sizes = [X.shape[1], hidden, 1] if hidden else [X.shape[1], 1]
    layers = [
        [random.normal(0.0, 1.0 / np.sqrt(a), (a, b)), np.zeros(b)]
        for a, b in zip(sizes, sizes[1:])
    ]
    for _ in range(epochs):
        activations = forward(layers, X)
        delta = (activations[-1] - y[:, None]) / len(y)
        for layer, a in zip(reversed(layers), reversed(activations[:-1])):
            W, gradient, bias = layer[0], a.T @ delta, delta.sum(axis=0)
            delta = delta @ W.T * (1.0 - a**2)
            layer[0] = W - eta * gradient
            layer[1] = layer[1] - eta * bias
    return lambda X: (forward(layers, X)[-1][:, 0] >= 0.5).astype(int)


def forward(layers, X):
    activations = [X]
    for W, b in layers[:-1]:
        activations.append(np.tanh(activations[-1] @ W + b))
    W, b = layers[-1]
    return activations + [sigmoid(activations[-1] @ W + b)]


def write(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def text(row):
    return [f"{row[0]:.0f}", f"{row[1]:.1f}", f"{row[2]:.1f}"]


def main():
    X, y = draw(TRAIN)
    X_test, y_test = draw(TEST)
    ids = [f"m{number:03d}" for number in rng.permutation(1000)[:TEST]]
    split = np.array(["A"] * IN_SPLIT_A + ["B"] * (TEST - IN_SPLIT_A))
    rng.shuffle(split)
    write(HERE / "train.csv", [*FEATURES, "label"], ([*text(x), k] for x, k in zip(X, y)))
    write(HERE / "test.csv", ["id", *FEATURES], ([i, *text(x)] for i, x in zip(ids, X_test)))
    write(HERE / "labels.csv", ["id", "split", "label"], zip(ids, split, y_test))
    sample = [(i, 0) for i in ids]
    write(HERE / "sample_submission.csv", ["id", "label"], sample)

    mean, std = X.mean(axis=0), X.std(axis=0)
    scaled, scaled_test = (X - mean) / std, (X_test - mean) / std
    mlp = train(scaled, y, hidden=16, epochs=6000)(scaled_test)
    small = train(scaled, y, hidden=2, epochs=6000)(scaled_test)
    linear = train(scaled, y, hidden=0, epochs=2000)(scaled_test)
    raw = train(X, y, hidden=16, epochs=2000, eta=0.01)(X_test)
    by_id = sorted(zip(ids, mlp))
    moved = zip(ids[1:] + ids[:1], mlp)

    accepted, wrong = SUBMISSIONS / "accepted", SUBMISSIONS / "wrong_answer"
    broken = SUBMISSIONS / "compile_error"
    header = ["id", "label"]
    write(accepted / "mlp.csv", header, zip(ids, mlp))
    fitted = np.where(split == "A", y_test, linear)
    write(accepted / "fitted_to_a.csv", header, zip(ids, fitted))
    write(accepted / "mlp_sorted_by_id.csv", header, by_id)
    # As a spreadsheet saves it: a byte-order mark, quotes, CRLF.
    rows = "".join(f'"{i}","{k}"\r\n' for i, k in by_id)
    quoted = accepted / "mlp_from_spreadsheet.csv"
    quoted.write_bytes(('\ufeff"id","label"\r\n' + rows).encode())
    write(wrong / "two_hidden_neurons.csv", header, zip(ids, small))
    write(wrong / "linear.csv", header, zip(ids, linear))
    write(wrong / "not_normalised.csv", header, zip(ids, raw))
    write(wrong / "constant.csv", header, sample)
    write(wrong / "rows_shuffled.csv", header, moved)

    write(broken / "header_only.csv", header, [])
    write(broken / "first_half.csv", header, list(zip(ids, mlp))[: TEST // 2])
    probabilities = [(i, f"{k * 0.8 + 0.1:.2f}") for i, k in zip(ids, mlp)]
    write(broken / "probabilities.csv", header, probabilities)
    write(broken / "index_column.csv", ["", *header], ((n, i, k) for n, (i, k) in enumerate(zip(ids, mlp))))
    semicolons = "id;label\n" + "".join(f"{i};{k}\n" for i, k in zip(ids, mlp))
    (broken / "semicolons.csv").write_text(semicolons, encoding="utf-8")
    several = [(ids[0], 1), (ids[0], 0), ("m9999", 1), (ids[1], "ya"), *zip(ids[3:], mlp[3:])]
    write(broken / "several_mistakes.csv", header, several)


if __name__ == "__main__":
    main()
