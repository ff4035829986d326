# expect: OutOfFuel | Exception

import weakref


class Thing:
    pass


def forever(_):
    while True:
        pass


def f():
    thing = Thing()
    seen = weakref.ref(thing, forever)
    del thing
    return float(seen() is None)
