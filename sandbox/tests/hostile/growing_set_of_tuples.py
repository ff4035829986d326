# expect: OutOfMemory | OutOfFuel

def f():
    seen = set()
    while True:
        seen.add((len(seen),) * 1000)
