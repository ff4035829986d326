# expect: Ok | Exception

def f():
    import signal

    signal.alarm(1)
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    return 1.0
