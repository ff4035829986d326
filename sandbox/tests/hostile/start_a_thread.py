# expect: Exception

import _thread


def f():
    return _thread.start_new_thread(print, ())
