# expect: MissingFunction

f = 3.0
