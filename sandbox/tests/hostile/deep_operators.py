# expect: Exception | Crash

def f():
    return eval("-" * 100_000 + "1")
