"""Runs the tests that `run.py` named, and ends. Before each test its name goes to the
standard error, so that one that ends the guest is known."""
import concurrent.futures
import gc
import json
import shutil
import sys
import threading

import numpy
import numpy.ctypeslib
import numpy.testing

import stand_ins

stand_ins.install()

import collect
import job


def announce(module, label):
    print("@", module, label, file=sys.stderr, flush=True)


for name in job.MODULES:
    tally = collect.run_module(name, job.SKIPPED.get(name, []), announce)
    print("RESULT", json.dumps({"module": name, **tally}), flush=True)
    gc.collect()
raise SystemExit("done")
