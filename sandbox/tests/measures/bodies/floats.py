# row: 10^6 steps of float arithmetic
# turns: 1


def run(turns):
    for _ in range(turns):
        x = 0.5
        for i in range(1_000_000):
            x = x * 0.999 + i * 0.25 - x / 3.0
