# row: loop of 10^6 additions
# turns: 1


def run(turns):
    for _ in range(turns):
        total = 0
        for i in range(1_000_000):
            total += i
