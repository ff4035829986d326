# expect: Exception MemoryError

def f():
    return eval("(" * 50_000 + "1" + ")" * 50_000)
