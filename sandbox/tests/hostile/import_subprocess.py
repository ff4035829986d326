# expect: Exception

import subprocess


def f():
    return subprocess.run(["true"]).returncode
