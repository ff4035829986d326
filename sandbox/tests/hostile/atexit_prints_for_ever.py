# expect: Ok | Exception | OutputLimit

def f():
    import sys

    class Last:
        def __del__(self):
            while True:
                print("last words")

    sys.keep = Last()
    return 1.0
