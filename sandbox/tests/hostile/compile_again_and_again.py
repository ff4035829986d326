# expect: OutOfFuel

def f():
    text = "x = 1\n" * 1000
    while True:
        exec(compile(text, "made", "exec"))
