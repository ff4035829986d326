# expect: Ok | BadReturn

def f():
    return ["\x00" * 1000, "\u202e\ufeff\U0010ffff"]
