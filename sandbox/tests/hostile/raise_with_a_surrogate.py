# expect: Exception ValueError

def f():
    raise ValueError("\ud800")
