# expect: Exception | Ok

def f():
    import posix

    for name in ("fork", "execv", "kill", "pipe", "dup", "openpty", "symlink", "chmod", "mkfifo"):
        if hasattr(posix, name):
            try:
                getattr(posix, name)()
            except (TypeError, OSError):
                pass
    return float(len(posix.environ))
