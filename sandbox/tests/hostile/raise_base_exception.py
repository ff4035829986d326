# expect: Exception BaseException

def f():
    raise BaseException("x")
