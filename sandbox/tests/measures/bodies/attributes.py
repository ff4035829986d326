# row: 10^6 method calls that change an attribute
# turns: 1


class Counter:
    def __init__(self):
        self.total = 0

    def add(self, x):
        self.total += x


def run(turns):
    for _ in range(turns):
        counter = Counter()
        for i in range(1_000_000):
            counter.add(i)
