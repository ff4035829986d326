# expect: OutOfMemory

def f():
    text = "x" * 1000
    while True:
        text += text
