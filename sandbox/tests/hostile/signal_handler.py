# expect: Ok | Exception

def f():
    import signal

    signal.signal(signal.SIGINT, lambda *_: None)
    signal.raise_signal(signal.SIGINT)
    return 1.0
