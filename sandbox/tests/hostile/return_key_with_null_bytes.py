# expect: Ok | BadReturn

def f():
    return {"\x00\u202ekey": 1.0, "": 2.0}
