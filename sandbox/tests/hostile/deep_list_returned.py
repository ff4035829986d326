# expect: BadReturn | Exception RecursionError

def f():
    x = [1.0]
    for _ in range(200_000):
        x = [x]
    return x
