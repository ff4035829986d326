# expect: Exception SyntaxError

def f(:
    return 1.0
