# expect: Exception RecursionError | Ok

def f():
    x = []
    for _ in range(200_000):
        x = [x]
    return len(repr(x))
