# expect: OutputLimit

def f():
    while True:
        try:
            print("x" * 10_000, flush=True)
        except BaseException:
            pass
