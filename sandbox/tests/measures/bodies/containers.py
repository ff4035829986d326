# row: 10^6 entries into lists and dicts
# turns: 1


def run(turns):
    for _ in range(turns):
        for i in range(100_000):
            items = [i, i, i, i]
            items.append(i)
            table = {"a": i, "b": i, i: items}
            table["c"] = i
            table["d"] = items
