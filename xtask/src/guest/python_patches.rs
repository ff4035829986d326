//! What is changed in CPython's sources: what WASI and zig want, and what makes the
//! interpreter faster where calls through tables of functions are dear.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::patch;

/// Lists of spare floats and ints; its head says how they work.
const SPARE_NUMBERS: &str = include_str!("../../../sandbox/guest/spare_numbers.h");
const SPARE_NUMBERS_PATH: &str = "Include/internal/pycore_spare_numbers.h";
const INCLUDE: &str = "#include \"pycore_spare_numbers.h\"\n";

/// Names all changes: this file and the one that it adds.
pub const KEY: [&str; 2] = [include_str!("python_patches.rs"), SPARE_NUMBERS];

pub fn apply(source: &Path) -> Result<()> {
    build(source)?;
    let header = source.join(SPARE_NUMBERS_PATH);
    fs::write(&header, SPARE_NUMBERS)
        .with_context(|| format!("cannot write {}", header.display()))?;
    ints(source)?;
    floats(source)?;
    objects(source)?;
    memory(source)?;
    interpreter(source)
}

/// zig's header declares `pthread_exit` as C does; and the time of the build, which
/// zig refuses to give, must not be in the guest.
fn build(source: &Path) -> Result<()> {
    patch::replace(
        &source.join("Include/cpython/pthread_stubs.h"),
        "PyAPI_FUNC(int) pthread_exit(",
        "PyAPI_FUNC(void) pthread_exit(",
        1,
    )?;
    patch::replace(
        &source.join("Python/thread_pthread_stubs.h"),
        "int\npthread_exit(",
        "void\npthread_exit(",
        1,
    )?;
    let info = source.join("Modules/getbuildinfo.c");
    patch::replace(&info, "#ifdef __DATE__", "#if 0 /* no date */", 1)?;
    patch::replace(&info, "#ifdef __TIME__", "#if 0 /* no time */", 1)
}

/// Ints of one and two digits come from the spare ones and go there; sums and
/// differences of such are computed at once, in 64 bits.
fn ints(source: &Path) -> Result<()> {
    let file = source.join("Objects/longobject.c");
    let replace = |from: &str, to: &str| patch::replace(&file, from, to, 1);
    let head = "static inline void\n_Py_DECREF_INT(PyLongObject *op)\n";
    replace(
        head,
        &format!(
            "{INCLUDE}struct gradien_spare gradien_spare_floats, gradien_spare_ints[2];\n\n{head}"
        ),
    )?;
    replace(
        "_Py_DECREF_SPECIALIZED((PyObject *)op, (destructor)PyObject_Free);",
        "_Py_DECREF_SPECIALIZED((PyObject *)op, gradien_drop_int);",
    )?;
    replace(
        "    result = PyObject_Malloc(offsetof(PyLongObject, long_value.ob_digit) +\n                             \
         ndigits*sizeof(digit));\n",
        "    result = ndigits > 2 ? NULL\n        \
         : (PyLongObject *)gradien_take_spare(&gradien_spare_ints[ndigits == 2]);\n    \
         if (result == NULL) {\n        \
         result = PyObject_Malloc(offsetof(PyLongObject, long_value.ob_digit) +\n                                 \
         ndigits*sizeof(digit));\n    }\n",
    )?;
    replace(
        "    PyLongObject *v = PyObject_Malloc(sizeof(PyLongObject));\n    if (v == NULL) {",
        "    PyLongObject *v = (PyLongObject *)gradien_take_spare(&gradien_spare_ints[0]);\n    \
         if (v == NULL) {\n        v = PyObject_Malloc(sizeof(PyLongObject));\n    }\n    \
         if (v == NULL) {",
    )?;
    let end = "    Py_TYPE(self)->tp_free(self);\n}\n\nstatic Py_hash_t\nlong_hash";
    replace(
        end,
        &format!(
            "    if (PyLong_CheckExact(self)) {{\n        gradien_drop_int(self);\n        return;\n    }}\n{end}"
        ),
    )?;
    let large =
        "    /* Must be at least two digits */\n    assert(abs_ival >> PyLong_SHIFT != 0);\n";
    replace(
        large,
        &format!(
            "{large}    PyLongObject *two = abs_ival >> (2 * PyLong_SHIFT) ? NULL\n        \
             : (PyLongObject *)gradien_take_spare(&gradien_spare_ints[1]);\n    \
             if (two != NULL) {{\n        two->ob_base.ob_type = &PyLong_Type;\n        \
             _PyLong_SetSignAndDigitCount(two, sign, 2);\n        \
             two->long_value.ob_digit[0] = (digit)(abs_ival & PyLong_MASK);\n        \
             two->long_value.ob_digit[1] = (digit)(abs_ival >> PyLong_SHIFT);\n        \
             return (PyObject *)two;\n    }}\n"
        ),
    )?;
    for sign in ["+", "-"] {
        let compact = format!(
            "        return _PyLong_FromSTwoDigits(medium_value(a) {sign} medium_value(b));\n    }}\n"
        );
        replace(
            &compact,
            &format!(
                "{compact}    int64_t x, y;\n    \
                 if (gradien_int_value(a, &x) && gradien_int_value(b, &y)) {{\n        \
                 return _PyLong_FromSTwoDigits(x {sign} y);\n    }}\n"
            ),
        )?;
    }
    Ok(())
}

/// The list of spare floats is found at a fixed place instead of through the thread.
fn floats(source: &Path) -> Result<()> {
    let file = source.join("Objects/floatobject.c");
    let head =
        "#ifdef WITH_FREELISTS\nstatic struct _Py_float_freelist *\nget_float_freelist(void)";
    patch::replace(&file, head, &format!("{INCLUDE}\n{head}"), 1)?;
    patch::replace_block(
        &file,
        "    PyFloatObject *op;\n#ifdef WITH_FREELISTS\n    \
         struct _Py_float_freelist *float_freelist = get_float_freelist();\n    \
         op = float_freelist->items;\n",
        "    else\n#endif\n    {\n",
        "    PyFloatObject *op = (PyFloatObject *)gradien_take_spare(&gradien_spare_floats);\n    \
         if (op == NULL) {\n",
    )?;
    patch::replace_block(
        &file,
        "    PyFloatObject *op = (PyFloatObject *)obj;\n#ifdef WITH_FREELISTS\n",
        "#else\n    PyObject_Free(op);\n#endif\n",
        "    gradien_drop_float(obj);\n",
    )
}

/// An object begins without a call, and numbers end without one through a table. Nobody
/// listens to the beginnings and ends of objects.
fn objects(source: &Path) -> Result<()> {
    let file = source.join("Objects/object.c");
    let head = "void\n_Py_Dealloc(PyObject *op)\n{\n    PyTypeObject *type = Py_TYPE(op);\n";
    patch::replace(
        &file,
        head,
        &format!(
            "{INCLUDE}\n{head}    if (type == &PyLong_Type) {{\n        gradien_drop_int(op);\n        \
             return;\n    }}\n    if (type == &PyFloat_Type) {{\n        gradien_drop_float(op);\n        \
             return;\n    }}\n"
        ),
        1,
    )?;
    let header = source.join("Include/internal/pycore_object.h");
    patch::replace_block(
        &header,
        "#define _PyReftracerTrack(obj, operation) \\\n",
        "    } while(0)\n",
        "#define _PyReftracerTrack(obj, operation) ((void)(obj))\n",
    )?;
    patch::replace(
        &header,
        "    Py_INCREF(typeobj);\n    _Py_NewReference(op);\n",
        "    Py_INCREF(typeobj);\n    op->ob_refcnt = 1;\n",
        1,
    )?;
    // Values of dictionaries are asked this; most are of types without cycles.
    patch::replace(
        &source.join("Include/internal/pycore_gc.h"),
        "    if (!PyObject_IS_GC(obj)) {\n",
        "    if (!PyType_IS_GC(Py_TYPE(obj)) || !PyObject_IS_GC(obj)) {\n",
        1,
    )
}

/// Nobody puts another allocator in the place of CPython's own, and there is one
/// interpreter: so the allocator is called directly and its state lies at a fixed place.
fn memory(source: &Path) -> Result<()> {
    let file = source.join("Objects/obmalloc.c");
    for domain in ["_PyMem", "_PyObject"] {
        for (function, arguments) in [
            ("malloc", "size"),
            ("calloc", "nelem, elsize"),
            ("realloc", "ptr, new_size"),
            ("free", "ptr"),
        ] {
            let name = format!("{}{}", function[..1].to_uppercase(), &function[1..]);
            patch::replace(
                &file,
                &format!(
                    "    {}{domain}.{function}({domain}.ctx, {arguments});",
                    returns(function)
                ),
                &format!(
                    "    {}_PyObject_{name}(NULL, {arguments});",
                    returns(function)
                ),
                1,
            )?;
        }
    }
    patch::replace_block(
        &file,
        "    PyInterpreterState *interp = _PyInterpreterState_GET();\n    \
         assert(interp->obmalloc != NULL);",
        "    return interp->obmalloc;\n",
        "    return &obmalloc_state_main;\n",
    )
}

fn returns(function: &str) -> &str {
    if function == "free" { "" } else { "return " }
}

/// Arithmetic of floats, and of a float with an int, where the interpreter has no
/// instruction for it; ints that an instruction drops become spare ones.
fn interpreter(source: &Path) -> Result<()> {
    let loop_file = source.join("Python/ceval.c");
    let last = "#include \"ceval_macros.h\"\n";
    patch::replace(&loop_file, last, &format!("{last}{INCLUDE}"), 1)?;
    patch::replace(
        &loop_file,
        "            destructor dealloc = Py_TYPE(op)->tp_dealloc; \\\n            (*dealloc)(op); \\\n",
        "            _Py_Dealloc(op); \\\n",
        1,
    )?;
    let cases = source.join("Python/generated_cases.c.h");
    patch::replace(&cases, "(destructor)PyObject_Free", "gradien_drop_int", 12)?;
    patch::replace(
        &cases,
        "                assert(_PyEval_BinaryOps[oparg]);\n                \
         res = _PyEval_BinaryOps[oparg](lhs, rhs);\n",
        "                assert(_PyEval_BinaryOps[oparg]);\n                \
         res = gradien_float_operation(lhs, rhs, oparg);\n                \
         if (res == NULL) {\n                    \
         res = _PyEval_BinaryOps[oparg](lhs, rhs);\n                }\n",
        1,
    )
}
