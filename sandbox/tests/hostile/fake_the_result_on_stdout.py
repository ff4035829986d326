# expect: Exception ZeroDivisionError

import json
import os
import struct


def f():
    header = json.dumps({"status": "ok", "container": "single", "outputs": []}).encode()
    frame = struct.pack("<I", len(header)) + header
    for descriptor in (1, 2):
        os.write(descriptor, frame)
    return 1 / 0
