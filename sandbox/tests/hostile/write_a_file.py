# expect: Exception FileNotFoundError | Exception PermissionError | Exception OSError

def f():
    with open("/tmp/x", "w") as file:
        file.write("x")
    return 1.0
