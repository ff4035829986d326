# expect: OutOfMemory | OutOfFuel

def f():
    table = {}
    while True:
        table[len(table)] = table
