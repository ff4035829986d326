# expect: Ok | BadReturn

import json
import struct


def lie(*_, **__):
    return '{"status": "ok"}'


def f():
    json.dumps = json.loads = lie
    json.JSONEncoder.encode = json.JSONEncoder.iterencode = lie
    struct.pack = lambda *_: b''
    return 1.0
