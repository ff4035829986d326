# expect: BadReturn none

def f():
    pass
