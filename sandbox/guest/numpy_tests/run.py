"""run.py TOOL LINKED PYTHON_LIB NUMPY_PACKAGE GUEST_FOLDER SCRATCH [PART…]

Runs NumPy's tests in the linked guest, started by the snapshot tool, and prints what came
of them: for each file, then for each part. Ends with 1 where a test failed.
"""

import collections
import json
import os
import re
import subprocess
import sys
import zipfile

PARTS = ["_core", "linalg", "fft", "random", "lib", "ma", "polynomial"]
LEFT_OUT = {"__pycache__", "test", "idlelib", "tkinter", "lib-dynload", "site-packages",
            "ensurepip", "turtledemo"}
ENDINGS = (".py", ".csv", ".npy", ".npz", ".pkl", ".gz")


def pack(out, python_lib, numpy_package, guest, job):
    """The library with everything that could be imported, NumPy's tests and our own files,
    which take the place of others."""
    files = {}
    for root, prefix in ((python_lib, ""), (numpy_package, "numpy")):
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name not in LEFT_OUT]
            for name in names:
                if name.endswith(ENDINGS) and not name.startswith("_sysconfigdata"):
                    inside = os.path.join(prefix, os.path.relpath(folder, root), name)
                    files[os.path.normpath(inside)] = os.path.join(folder, name)
    files.pop("numpy/conftest.py", None)
    files["numpy/__config__.py"] = os.path.join(guest, "numpy_config.py")
    inside = os.path.join(guest, "numpy_tests", "inside")
    for name in os.listdir(inside):
        files[name] = os.path.join(inside, name)
    made = {"select.py": "select = None\n", "_sysconfigdata__wasi_wasm32-wasi.py": "build_time_vars = {}\n",
            "job.py": job}
    # Without this, an archive has no package of tests.
    for name in {os.path.dirname(path) for path in files if "/tests/" in path}:
        if name + "/__init__.py" not in files:
            made[name + "/__init__.py"] = ""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path, source in files.items():
            archive.write(source, path)
        for path, text in made.items():
            archive.writestr(path, text)


def run_once(tool, linked, scratch, library, modules, skipped):
    """What was printed, as lines."""
    archive = os.path.join(scratch, "tests.zip")
    pack(archive, *library, f"MODULES = {modules!r}\nSKIPPED = {skipped!r}\n")
    out = os.path.join(scratch, "unused.wasm")
    # The guest ends itself after the tests, which the tool calls a failure.
    done = subprocess.run([tool, linked, archive, out], capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()


def show(result):
    counts = ", ".join(f"{number} {what}" for what, number in result["counts"].items())
    print(f"{result['module']}: {counts or 'nothing'}", flush=True)
    for reason, number in sorted(result["reasons"].items(), key=lambda pair: -pair[1]):
        print(f"    skipped {number}: {reason}")
    for failure in result["failures"]:
        print(f"    FAILED {failure}")


def run_part(part, numpy_package, start):
    folder = os.path.join(numpy_package, part, "tests")
    names = sorted(name for name in os.listdir(folder) if re.fullmatch(r"test_.*\.py", name))
    left = [f"numpy.{part}.tests.{name[:-3]}" for name in names]
    skipped, total = collections.defaultdict(list), collections.Counter()
    while left:
        lines = start(left, skipped)
        for line in lines:
            if line.startswith("RESULT "):
                result = json.loads(line.removeprefix("RESULT "))
                show(result)
                total.update(result["counts"])
                left.remove(result["module"])
        if not left:
            break
        last = [line.split()[1:3] for line in lines if line.startswith("@ ")][-1:]
        if last and last[0][0] == left[0]:
            module, test = last[0]
            skipped[module].append(test)
            print(f"{module}: {test} ended the guest")
        else:
            print(f"{left[0]}: ended the guest when imported: {' '.join(lines[-4:])[:300]}")
            total["files that ended the guest"] += 1
            left.pop(0)
    return total


def main(tool, linked, python_lib, numpy_package, guest, scratch, *parts):
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        sys.exit(f"there is no part {unknown[0]}; there are {' '.join(PARTS)}")

    def start(modules, skipped):
        library = (python_lib, numpy_package, guest)
        return run_once(tool, linked, scratch, library, modules, dict(skipped))

    totals = {part: run_part(part, numpy_package, start) for part in parts or PARTS}
    print()
    for part, total in totals.items():
        print(f"numpy.{part}: " + ", ".join(f"{number} {what}" for what, number in total.items()))
    bad = ("failed", "ended the guest", "files that ended the guest")
    sys.exit(any(total[what] for total in totals.values() for what in bad))


main(*sys.argv[1:])
