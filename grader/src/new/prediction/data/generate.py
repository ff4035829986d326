"""Makes the tables of this pack and its example submissions.

    python generate.py
"""

import random
from pathlib import Path

PACK = Path(__file__).parent.parent
ROWS = 60
rng = random.Random(1)


def student(label):
    while True:
        hours, sleep = round(rng.uniform(0, 10), 1), round(rng.uniform(3, 10), 1)
        if int(hours + 1.6 * sleep > 15) == label:
            return hours, sleep, label


def students():
    """As many of each class, in each split too: always the same class is worth nothing."""
    labels = [0, 0, 1, 1] * (ROWS // 4)
    order = list(range(ROWS // 2))
    rng.shuffle(order)
    return [student(labels[2 * pair + half]) for pair in order for half in (0, 1)]


def write(path, head, rows):
    path = PACK / path
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [head] + [",".join(map(str, row)) for row in rows]
    path.write_text("\n".join(lines) + "\n")


def accuracy(labels):
    """On split A, which is every second row."""
    return sum(a == b for a, b in zip(labels[::2], right[::2])) / len(right[::2])


train, test = students(), students()
ids = [f"s{n}" for n in rng.sample(range(100, 1000), ROWS)]
right = [label for _, _, label in test]

write("data/train.csv", "hours,sleep,label", train)
write("data/test.csv", "id,hours,sleep", [(i, h, s) for i, (h, s, _) in zip(ids, test)])
write("data/labels.csv", "id,split,label", [(i, "AB"[n % 2], y) for n, (i, y) in enumerate(zip(ids, right))])
write("data/sample_submission.csv", "id,label", [(i, 0) for i in ids])

hand_in = lambda path, rows: write(f"submissions/{path}", "id,label", rows)
hand_in("accepted/both_features.csv", zip(ids, right))
by_id = sorted(zip(ids, right))
hand_in("accepted/sorted_by_id.csv", by_id)
hours_only = [int(h > 5) for h, _, _ in test]
hand_in("wrong_answer/hours_only.csv", zip(ids, hours_only))
hand_in("wrong_answer/constant.csv", [(i, 1) for i in ids])
# Right in the order of the rows, but beside the ids of other rows: hardly more
# than half of them fit.
shift = next(s for s in range(1, ROWS) if accuracy(right[-s:] + right[:-s]) <= 0.5)
hand_in("wrong_answer/ids_moved.csv", zip(ids[shift:] + ids[:shift], right))
hand_in("compile_error/first_half.csv", list(zip(ids, right))[: ROWS // 2])
hand_in("compile_error/words.csv", [(i, ["no", "yes"][y]) for i, y in zip(ids, right)])
print(f"hours only: {accuracy(hours_only):.4f}, moved by {shift}")
