"""Serves a request: executes the given modules, calls one function, and writes what it
returned as typed arrays. A later request of the same program brings no modules: its
function is called again, in what the program has left.

The format of requests and responses is described in README.md. Nothing here is a
wall: a student's program runs in the same interpreter and may change anything. It
gains nothing by it, since what it returns is compared elsewhere with values that
are never here; the walls are the WebAssembly instance and the runner's process.
What is asked of this file is that honest programs get true answers, and that
hostile values end in a status rather than in a lie. So everything needed after
the program ran is bound to locals before it runs, and types are asked for with
`type(x)`, never with `x.__class__`.
"""

import builtins
import gc
import importlib.machinery
import json
import linecache
import random
import struct
import sys
import types

import numpy as np

MAX_TEXT = 2000
MAX_FRAMES = 20
MAX_DEFINED = 30
MAX_OUTPUTS = 64
RESULT_DTYPES = {"<f4", "<f8", "<i4", "<i8", "|u1", "|b1"}
# Conversions that lose nothing.
WIDER = {"f2": "<f4", "i1": "<i4", "i2": "<i4", "u2": "<i4", "u4": "<i8"}


class BadReturn(Exception):
    def __init__(self, reason, type_name, detail=""):
        self.fields = {"status": "bad_return", "reason": reason, "type": type_name, "detail": detail}


def close_door():
    """Forgets every way to the file system; the snapshot is taken after this."""
    sys.meta_path[:] = [importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter]
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()
    sys.path.clear()
    sys.modules.pop("gradien_warm", None)
    linecache.clearcache()
    gc.collect()
    gc.freeze()


def cut(text, limit=MAX_TEXT):
    """At most `limit` characters that can be encoded."""
    return str.encode(text[:limit], "utf-8", "replace").decode("utf-8")


def type_name(value, _type=type, _str=str):
    kind = _type(value)
    name = _type.__dict__["__name__"].__get__(kind)
    if kind.__mro__ and _str(_type.__dict__["__module__"].__get__(kind)) == "numpy":
        return name if name == "ndarray" else "np." + name
    return cut(name, 100)


def read_value(described, payload):
    if described["kind"] == "json":
        return described["json"]
    dtype, shape = np.dtype(described["dtype"]), tuple(described["shape"])
    count = 1
    for extent in shape:
        count *= extent
    start = described["offset"]
    flat = np.frombuffer(payload[start : start + count * dtype.itemsize], dtype=dtype)
    array = flat.reshape(shape).copy()
    return array[()] if shape == () else array


def execute(module):
    code = compile(module["source"], module["filename"], "exec", dont_inherit=True)
    made = types.ModuleType(module["name"])
    made.__file__ = module["filename"]
    made.__builtins__ = builtins
    sys.modules[module["name"]] = made
    exec(code, made.__dict__)
    return made


def write_array(array, payload, limit, name, _np=np):
    dtype = array.dtype
    code = dtype.str
    if code not in RESULT_DTYPES:
        if dtype.kind == "O":
            raise BadReturn("object_dtype", name)
        wanted = dtype.newbyteorder("<").str
        wanted = wanted if wanted in RESULT_DTYPES else WIDER.get(dtype.kind + str(dtype.itemsize))
        if wanted is None:
            raise BadReturn("unsupported_type", name, cut(str(dtype), 100))
        code = wanted
    # Asked before anything is copied: a stride of 0 makes any size out of 8 bytes.
    if array.size * _np.dtype(code).itemsize > limit - len(payload):
        raise BadReturn("too_large", name)
    data = _np.ascontiguousarray(array, dtype=code).tobytes()
    payload.extend(bytes(-len(payload) % 8))
    described = {"kind": "array", "dtype": code, "shape": list(array.shape), "offset": len(payload)}
    payload.extend(data)
    described["pydtype"] = cut(str(dtype), 100)
    return described


def is_number(value):
    kind = type(value)
    return kind is int or kind is float or kind is bool or issubclass(kind, np.number) or kind is np.bool_


def rectangular(value, depth=0):
    """Whether lists and tuples nest to a box of numbers; its shape or None."""
    if is_number(value):
        return ()
    if type(value) not in (list, tuple) or depth > 16 or not value:
        return None
    inner = rectangular(value[0], depth + 1)
    if inner is None:
        return None
    for item in value:
        if rectangular(item, depth + 1) != inner:
            return None
    return (len(value), *inner)


def plain_json(value, budget, depth=0):
    """A copy made of plain types only, or BadReturn."""
    budget[0] -= 1
    if budget[0] < 0 or depth > 32:
        raise BadReturn("too_large", type_name(value))
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        if value != value or value in (float("inf"), float("-inf")):
            raise BadReturn("unsupported_type", "float", "not finite")
        return value
    if kind in (list, tuple):
        return [plain_json(item, budget, depth + 1) for item in value]
    if kind is dict:
        copied = {}
        for key, item in value.items():
            if type(key) is not str:
                raise BadReturn("unsupported_type", type_name(key), "key")
            copied[key] = plain_json(item, budget, depth + 1)
        return copied
    if issubclass(kind, np.generic) or issubclass(kind, np.ndarray):
        if np.asarray(value).size > budget[0]:
            raise BadReturn("too_large", type_name(value))
        return plain_json(np.asarray(value).tolist(), budget, depth + 1)
    raise BadReturn("unsupported_type", type_name(value))


def write_value(value, payload, limit):
    kind, name = type(value), type_name(value)
    if value is None:
        raise BadReturn("none", name)
    if kind is int:
        if not -(2**63) <= value < 2**63:
            raise BadReturn("unsupported_type", name, "integer too large")
        described = write_array(np.array(value, dtype="<i8"), payload, limit, name)
    elif kind is float or kind is bool:
        described = write_array(np.array(value), payload, limit, name)
    elif issubclass(kind, np.ndarray):
        described = write_array(np.ndarray.view(value, np.ndarray), payload, limit, name)
    elif issubclass(kind, np.generic):
        described = write_array(np.asarray(value), payload, limit, name)
    elif kind in (list, tuple) and rectangular(value) is not None:
        array = np.array(value)
        # NumPy's own integers have 32 bits here, a list's have none.
        array = array.astype("<i8") if array.dtype.kind == "i" else array
        described = write_array(array, payload, limit, name)
    else:
        described = {"kind": "json", "json": plain_json(value, [200_000])}
    described["pytype"] = name
    return described


def write_result(result, limit):
    payload = bytearray()
    kind = type(result)
    keys = None
    if kind is dict:
        container, values, keys = "dict", list(result.values()), list(result)
        if not all(type(key) is str for key in keys):
            raise BadReturn("unsupported_type", "dict", "keys must be strings")
        keys = [cut(key, 200) for key in keys]
    elif kind is tuple or (issubclass(kind, tuple) and kind.__len__ is tuple.__len__):
        container, values = "tuple", list(tuple.__iter__(result))
    elif kind is list and rectangular(result) is None and result:
        container, values = "list", list(result)
    else:
        container, values = "single", [result]
    if len(values) > MAX_OUTPUTS:
        raise BadReturn("too_large", type_name(result), "too many values")
    outputs = [{"value": write_value(value, payload, limit)} for value in values]
    header = {"status": "ok", "container": container, "outputs": outputs}
    if keys is not None:
        header["keys"] = keys
    return header, payload


def describe_exception(error, phase, sources):
    kind = type(error)
    name = cut(type.__dict__["__name__"].__get__(kind), 100)
    try:
        if phase == "compile" and issubclass(kind, SyntaxError):
            message = cut(str(error.msg))
        else:
            message = cut(str(error))
    except BaseException:
        message = ""
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code, line = trace.tb_frame.f_code, trace.tb_lineno
        if code.co_filename in sources:
            frames.append(frame(code.co_filename, line, code.co_name, sources))
        trace = trace.tb_next
    if phase == "compile" and issubclass(kind, SyntaxError) and type(error.lineno) is int:
        if error.filename in sources:
            frames.append(frame(error.filename, error.lineno, "<module>", sources))
    if len(frames) > MAX_FRAMES:
        frames = frames[: MAX_FRAMES // 2] + frames[-MAX_FRAMES // 2 :]
    return {"status": "exception", "type": name, "message": message, "phase": phase, "traceback": frames}


def frame(filename, line, function, sources):
    lines = sources[filename]
    text = lines[line - 1].strip() if line and 0 < line <= len(lines) else ""
    return {"file": filename, "line": line or 0, "function": cut(function, 100), "text": cut(text, 200)}


def source_lines(source):
    """Lines as Python counts them, of a source short enough to be shown."""
    return source.split("\n", 100_000) if len(source) <= 1 << 20 else []


def answer(header, payload, loaded, sources):
    random.seed(header["seed"])
    np.random.seed(header["seed"] & 0xFFFFFFFF)
    for module in header["modules"]:
        sources[module["filename"]] = source_lines(module["source"])
    limit = header["max_output_bytes"]
    phase = "compile"
    # Bound here, out of reach of what the program does to this module's globals.
    describe, write, bad_return = describe_exception, write_result, BadReturn
    try:
        for module in header["modules"]:
            phase = "compile"
            code = compile(module["source"], module["filename"], "exec", dont_inherit=True)
            phase = "import"
            made = types.ModuleType(module["name"])
            made.__file__ = module["filename"]
            sys.modules[module["name"]] = loaded[module["name"]] = made
            exec(code, made.__dict__)
        call = header["call"]
        if call is None:
            return {"status": "ok", "container": "single", "outputs": []}, b""
        scope = loaded[call["module"]].__dict__
        function = scope.get(call["function"])
        if not callable(function):
            defined = [
                cut(name, 100)
                for name, value in scope.items()
                if type(name) is str and type(value) is types.FunctionType
            ]
            missing = {"status": "missing_function", "function": call["function"]}
            return {**missing, "defined": defined[:MAX_DEFINED]}, b""
        phase = "call"
        arguments = [read_value(argument["value"], payload) for argument in header["args"]]
        result = function(*arguments)
        try:
            return write(result, limit)
        except bad_return as bad:
            return bad.fields, b""
    except BaseException as error:
        return describe(error, phase, sources), b""


def run(request, _pack=struct.pack, _dumps=json.dumps, _loads=json.loads, _answer=answer, _loaded={}, _sources={}):
    length = int.from_bytes(request[:4], "little")
    header = _loads(str(request[4 : 4 + length], "utf-8"))
    header, payload = _answer(header, request[4 + length :], _loaded, _sources)
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except BaseException:
        pass
    text = _dumps(header).encode()
    # The payload begins at a multiple of 8 from the response's start.
    text += b" " * (-(4 + len(text)) % 8)
    return _pack("<I", len(text)) + text + bytes(payload)
