"""Makes the tables of this pack and its example submissions.

    python generate.py
"""

import json
import random
import struct
from pathlib import Path

PACK = Path(__file__).parent.parent
ROWS = 80
rng = random.Random(1)


def point(label):
    while True:
        x0, x1 = round(rng.uniform(-1, 1), 3), round(rng.uniform(-1, 1), 3)
        # Not so near to an axis that rounding could decide.
        if min(abs(x0), abs(x1)) > 0.05 and (x0 * x1 > 0) == (label == 1):
            return label, x0, x1


def points():
    """As many of each class, in each split too: always the same class is worth nothing."""
    return [point(row // 2 % 2) for row in range(ROWS)]


def write(path, head, rows):
    path = PACK / path
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [head] + [",".join(map(str, row)) for row in rows]
    path.write_text("\n".join(lines) + "\n")


NAMES = ["0.weight", "0.bias", "2.weight", "2.bias"]
SHAPES = [[4, 2], [4], [2, 4], [2]]


def save(path, weights, names=NAMES, shapes=SHAPES, dtype="F32"):
    """As safetensors.torch.save_file does: a header in JSON, then the numbers."""
    letter, size = {"F32": ("f", 4), "F64": ("d", 8)}[dtype]
    header, data = {}, b""
    for name, shape, values in zip(names, shapes, weights):
        raw = struct.pack(f"<{len(values)}{letter}", *values)
        assert len(raw) == size * len(values)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path = PACK / "submissions" / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


write("data/train.csv", "x0,x1,label", [(x0, x1, y) for y, x0, x1 in points()])
write("data/hidden.csv", "id,split,label,x0,x1", [(n, "AB"[n % 2], *row) for n, row in enumerate(points())])

# Equal signs: |x0 + x1| > |x0 - x1|, and |z| = relu(z) + relu(-z).
first = [1, 1, -1, -1, 1, -1, -1, 1]
good = [first, [0] * 4, [-1, -1, 1, 1, 1, 1, -1, -1], [0, 0]]
save("accepted/by_hand.safetensors", good)
save("accepted/float64.safetensors", good, dtype="F64")
save("wrong_answer/one_line.safetensors", [first, [0] * 4, [0, 1, 0, 0, 1, 0, 0, 0], [0, 0]])
save("wrong_answer/constant.safetensors", [[0] * 8, [0] * 4, [0] * 8, [0, 1]])
save("wrong_answer/classes_swapped.safetensors", [first, [0] * 4, [-w for w in good[2]], [0, 0]])
start = lambda count, inputs: [rng.uniform(-1, 1) / inputs**0.5 for _ in range(count)]
save("wrong_answer/untrained.safetensors", [start(8, 2), start(4, 2), start(8, 4), start(2, 4)])
save("compile_error/transposed.safetensors", good, shapes=[[2, 4], [4], [4, 2], [2]])
save("compile_error/other_names.safetensors", good, names=[f"layers.{name}" for name in NAMES])
