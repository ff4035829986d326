# expect: OutputLimit

def f():
    print("x" * (64 << 20))
    return 1.0
