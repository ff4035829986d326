# expect: Exception ModuleNotFoundError | Exception ImportError

import socket


def f():
    return socket.socket().fileno()
