# expect: OutOfMemory

def f():
    return len([0] * (10 << 30))
