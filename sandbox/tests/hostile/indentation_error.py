# expect: Exception IndentationError

def f():
return 1.0
