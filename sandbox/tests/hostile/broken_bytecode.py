# expect: Ok | Exception | BadReturn | OutOfFuel | OutOfMemory | OutputLimit | Crash

def f():
    code = (lambda: 1.0).__code__
    broken = code.replace(co_code=bytes(range(0, 250, 2)) * 7, co_consts=(), co_stacksize=1)
    return eval(broken)
