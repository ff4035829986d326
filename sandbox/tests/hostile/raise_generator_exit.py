# expect: Exception GeneratorExit

def f():
    raise GeneratorExit
