# expect: OutputLimit

def f():
    for _ in range(1 << 20):
        print("x" * 1023)
    return 1.0
