# expect: OutOfMemory | OutOfFuel

def f():
    kept = object
    while True:
        kept = type("C", (kept,), {"__slots__": ()}) if len(kept.__mro__) < 50 else type("D", (), {"up": kept})
