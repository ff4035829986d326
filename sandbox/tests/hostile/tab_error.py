# expect: Exception TabError

def f():
    if True:
	return 1.0
