# expect: Ok | Crash | Exception | BadReturn | OutOfFuel | OutOfMemory | MissingFunction

def f():
    code = f.__code__
    for flags in range(0, 1 << 9, 37):
        made = code.replace(co_flags=flags, co_stacksize=0, co_consts=(), co_names=())
        try:
            exec(made)
        except BaseException:
            pass
    return 1.0
