# expect: Exception

class Meta(type):
    @property
    def __name__(cls):
        raise SystemExit

    __mro__ = ()


class Masked(Exception, metaclass=Meta):
    pass


def f():
    raise Masked("x")
