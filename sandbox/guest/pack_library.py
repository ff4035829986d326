"""pack_library.py OUT.zip PYTHON_LIB NUMPY_PACKAGE GUEST_FOLDER

Writes what the guest imports while it is started into one zip archive: Python's
standard library, NumPy's Python files, and our own. Stored, sorted, with one fixed
time, so that neither the order of a folder nor a clock reaches the snapshot.
"""

import os
import sys
import zipfile

# Of no use without files, processes, sockets, threads or screens.
LEFT_OUT = {
    "__pycache__", "_pyrepl", "asyncio", "concurrent", "ctypes", "curses", "dbm", "email",
    "ensurepip", "html", "http", "idlelib", "lib2to3", "multiprocessing", "pydoc_data",
    "site-packages", "sqlite3", "test", "tests", "tkinter", "turtledemo", "unittest",
    "urllib", "venv", "wsgiref", "xml", "xmlrpc", "distutils", "f2py", "_pyinstaller",
    "_build_utils", "lib-dynload",
}  # fmt: skip
# NumPy's wrappers import these even where nobody calls them.
KEPT_OF_LEFT_OUT = {"unittest", "email", "urllib"}


def collect(root, prefix, left_out):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in left_out)
        inside = os.path.relpath(folder, root)
        for name in sorted(names):
            # What the build wrote about its machine is not for the guest.
            if name.endswith(".py") and not name.startswith("_sysconfigdata"):
                path = os.path.normpath(os.path.join(prefix, inside, name))
                yield path, os.path.join(folder, name)


def main(out, python_lib, numpy_package, guest):
    files = dict(collect(python_lib, "", LEFT_OUT - KEPT_OF_LEFT_OUT))
    files.update(collect(numpy_package, "numpy", LEFT_OUT))
    files["numpy/__config__.py"] = os.path.join(guest, "numpy_config.py")
    for name in ("gradien_harness.py", "gradien_warm.py"):
        files[name] = os.path.join(guest, name)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, (2025, 7, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            with open(files[path], "rb") as source:
                archive.writestr(entry, source.read())


main(*sys.argv[1:])
