# expect: Exception Silent

class Silent(Exception):
    def __str__(self):
        raise Silent


def f():
    raise Silent
