# expect: Ok | Exception | BadReturn | Crash

import json
import struct


def f():
    struct.pack = lambda *_: b"\xff\xff\xff\xff"
    json.dumps = lambda *_, **__: "{}"
    json.encoder.JSONEncoder.encode = lambda *_: "{}"
    json.encoder.JSONEncoder.iterencode = lambda *_, **__: ["{}"]
    return 1.0
