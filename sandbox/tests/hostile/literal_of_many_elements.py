# expect: OutOfMemory | OutOfFuel | Exception | Ok

def f():
    text = "[" + "1," * 2_000_000 + "]"
    return float(len(eval(text)))
