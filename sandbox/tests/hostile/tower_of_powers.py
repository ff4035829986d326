# expect: OutOfFuel | OutOfMemory

def f():
    return 9**9**9 % 10
