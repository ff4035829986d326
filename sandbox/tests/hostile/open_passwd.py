# expect: Exception FileNotFoundError | Exception PermissionError | Exception OSError

def f():
    return open("/etc/passwd").read()
