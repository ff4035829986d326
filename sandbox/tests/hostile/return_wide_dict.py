# expect: BadReturn too_large

def f():
    return {str(i): 1.0 for i in range(100_000)}
