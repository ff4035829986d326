# expect: MissingFunction

def g():
    return 1.0
