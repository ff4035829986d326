# expect: Ok | Exception | BadReturn | Crash

import sys


def f():
    try:
        raise KeyError
    except KeyError as error:
        frame = error.__traceback__.tb_frame
        while frame.f_back is not None:
            frame = frame.f_back
            for name in ("write", "describe", "limit", "payload"):
                if name in frame.f_locals:
                    frame.f_locals[name] = lambda *_: ({"status": "ok", "container": "single", "outputs": []}, b"")
    return 1.0
