# row: 10^6 calls of a function
# turns: 1


def one(x):
    return x


def run(turns):
    for _ in range(turns):
        for i in range(1_000_000):
            one(i)
