# expect: Exception MemoryError

def f():
    return eval("-" * 100_000 + "1")
