# expect: Exception RecursionError

class Deep:
    def __repr__(self):
        return repr([self])


def f():
    return repr(Deep())
