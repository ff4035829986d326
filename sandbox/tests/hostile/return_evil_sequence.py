# expect: BadReturn | Ok | Exception

class Evil(list):
    def __iter__(self):
        while True:
            yield 1.0

    def __len__(self):
        return -1


def f():
    return Evil([1.0])
