/* The guest: CPython with NumPy, started once and snapshotted.
 *
 * Theory of operation. Everything is linked into one WASI reactor. The snapshot
 * tool calls `gradien_init`, which starts an isolated interpreter, imports what
 * students may import and shuts the door to the file system; then the whole
 * linear memory is saved. From then on the host instantiates the saved image,
 * puts a request into memory that `gradien_alloc` gives, calls `gradien_run` and
 * reads the response where the result points to. What the bytes mean is
 * harness.py's business.
 *
 * NumPy's extension modules are built in under their dotted names, where
 * BuiltinImporter finds them.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(#name), used))

#define NUMPY_MODULES(X)                                                       \
    X("numpy._core._multiarray_umath", _multiarray_umath)                      \
    X("numpy.linalg.lapack_lite", lapack_lite)                                 \
    X("numpy.linalg._umath_linalg", _umath_linalg)                             \
    X("numpy.fft._pocketfft_umath", _pocketfft_umath)                          \
    X("numpy.random.bit_generator", bit_generator)                             \
    X("numpy.random._common", _common)                                         \
    X("numpy.random._bounded_integers", _bounded_integers)                     \
    X("numpy.random._mt19937", _mt19937)                                       \
    X("numpy.random._pcg64", _pcg64)                                           \
    X("numpy.random._philox", _philox)                                         \
    X("numpy.random._sfc64", _sfc64)                                           \
    X("numpy.random._generator", _generator)                                   \
    X("numpy.random.mtrand", mtrand)

#define DECLARE(dotted, name) PyMODINIT_FUNC PyInit_##name(void);
NUMPY_MODULES(DECLARE)

static PyObject *run_function;
static PyObject *last_response;

static void
fail(const char *what)
{
    if (PyErr_Occurred()) {
        PyErr_Print();
    }
    fprintf(stderr, "guest: %s failed\n", what);
    abort();
}

static void
check(PyStatus status, const char *what)
{
    if (PyStatus_Exception(status)) {
        fprintf(stderr, "guest: %s: %s\n", what,
                status.err_msg ? status.err_msg : "?");
        abort();
    }
}

static void
start_interpreter(void)
{
#define APPEND(dotted, name)                                                   \
    if (PyImport_AppendInittab(dotted, PyInit_##name) < 0) {                   \
        fail(dotted);                                                          \
    }
    NUMPY_MODULES(APPEND)

    PyPreConfig preconfig;
    PyPreConfig_InitIsolatedConfig(&preconfig);
    preconfig.utf8_mode = 1;
    preconfig.configure_locale = 0;
    check(Py_PreInitialize(&preconfig), "pre-initialisation");

    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    /* The same sets and dictionaries in every run. */
    config.use_hash_seed = 1;
    config.hash_seed = 0;
    config.site_import = 0;
    config.write_bytecode = 0;
    config.install_signal_handlers = 0;
    config.buffered_stdio = 1;
    /* Line numbers are kept; column tables would only cost memory. */
    config.code_debug_ranges = 0;
    config.module_search_paths_set = 1;
    check(PyConfig_SetString(&config, &config.program_name, L"python"), "name");
    check(PyConfig_SetString(&config, &config.executable, L""), "executable");
    for (wchar_t **prefix = (wchar_t *[]){L"/lib", NULL}; *prefix; prefix++) {
        check(PyConfig_SetString(&config, &config.prefix, *prefix), "prefix");
        check(PyConfig_SetString(&config, &config.exec_prefix, *prefix), "prefix");
        check(PyConfig_SetString(&config, &config.base_prefix, *prefix), "prefix");
        check(PyConfig_SetString(&config, &config.base_exec_prefix, *prefix), "prefix");
    }
    check(PyWideStringList_Append(&config.module_search_paths, L"/lib/python.zip"),
          "search path");
    check(Py_InitializeFromConfig(&config), "initialisation");
    PyConfig_Clear(&config);
}

EXPORT(gradien_init) void
gradien_init(void)
{
    start_interpreter();
    PyObject *warm = PyImport_ImportModule("gradien_warm");
    if (warm == NULL) {
        fail("warming up");
    }
    Py_DECREF(warm);
    PyObject *harness = PyImport_ImportModule("gradien_harness");
    if (harness == NULL) {
        fail("importing the harness");
    }
    run_function = PyObject_GetAttrString(harness, "run");
    PyObject *close = PyObject_GetAttrString(harness, "close_door");
    PyObject *closed = close ? PyObject_CallNoArgs(close) : NULL;
    if (run_function == NULL || closed == NULL) {
        fail("closing the door");
    }
    Py_DECREF(closed);
    Py_DECREF(close);
    Py_DECREF(harness);
}

/* Memory for a request, which `gradien_run` frees. */
EXPORT(gradien_alloc) void *
gradien_alloc(size_t length)
{
    return malloc(length ? length : 1);
}

/* Handles one request; a program's later ones find its modules as it left them. The
 * result is the response's address << 32 | length, and
 * 0 where there is none; the memory stays valid until the next call. */
EXPORT(gradien_run) uint64_t
gradien_run(char *request, size_t length)
{
    Py_CLEAR(last_response);
    PyObject *view = PyMemoryView_FromMemory(request, (Py_ssize_t)length, PyBUF_READ);
    if (view != NULL) {
        last_response = PyObject_CallOneArg(run_function, view);
        Py_DECREF(view);
    }
    free(request);
    PyErr_Clear();
    if (last_response == NULL || !PyBytes_CheckExact(last_response)) {
        return 0;
    }
    uint64_t address = (uint64_t)(uintptr_t)PyBytes_AS_STRING(last_response);
    return address << 32 | (uint64_t)PyBytes_GET_SIZE(last_response);
}
