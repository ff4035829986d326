//! NumPy for WASI: the object files of its extension modules, to be linked into the
//! guest, and its Python files.
//!
//! NumPy's own build is asked for single objects and never for a shared module: there
//! are none on WASI.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::toolchain::{Toolchain, write_script};
use super::{copy, copy_tree, patch, pins, python, unpack};
use crate::cache::{self, Cache};
use crate::{pip, process, progress};

const RECIPE: &str = "7";

/// Other names for the functions of one of NumPy's two copies of a file.
const LEGACY_NAMES: &str = include_str!("../../../sandbox/guest/legacy_names.h");

const FLAGS: [&str; 7] = [
    "-msimd128",
    // Four vectors at each turn of a loop: each turn counts fuel.
    "-mllvm",
    "-force-vector-interleave=4",
    "-D_WASI_EMULATED_SIGNAL",
    "-D_WASI_EMULATED_PROCESS_CLOCKS",
    "-D_WASI_EMULATED_GETPID",
    "-D_WASI_EMULATED_MMAN",
];

/// Everything that needs a choice of instructions at run time, or threads, is off.
const OPTIONS: [&str; 10] = [
    "-Dallow-noblas=true",
    "-Dblas=none",
    "-Dlapack=none",
    "-Ddisable-optimization=true",
    "-Ddisable-highway=true",
    "-Ddisable-intel-sort=true",
    "-Ddisable-svml=true",
    "-Ddisable-threading=true",
    "-Dbuildtype=release",
    "-Db_ndebug=true",
];

/// Cython writes the path of a source outside of the current folder into the code it
/// makes, and the guest may not depend on where the cache lies.
const RUN_CYTHON: &str = "
import os
from Cython.Compiler import Main, Scanning

def entry(self):
    path = self.file_path
    return os.path.basename(path) if os.path.isabs(path) else path

Scanning.FileSourceDescriptor.get_filenametable_entry = entry
Main.setuptools_main()
";

/// Prints the objects to build, in the order of NumPy's build: no tests, and one of
/// the two copies of the small LAPACK.
const LIST_OBJECTS: &str = "
import json
for entry in json.load(open('compile_commands.json')):
    path = entry['output']
    unwanted = '_tests' in path or '_simd.' in path
    copied = '_umath_linalg' in path and 'lapack_lite' in path
    if path.endswith('.o') and not unwanted and not copied:
        print(path)
";

pub fn key() -> String {
    let parts = [
        RECIPE.to_owned(),
        python::wasm_key(),
        pins::NUMPY.sha256.to_owned(),
        pins::CYTHON.sha256.to_owned(),
        LEGACY_NAMES.to_owned(),
        FLAGS.join(" "),
        OPTIONS.join(" "),
        LIST_OBJECTS.to_owned(),
    ];
    cache::key_of(parts)
}

/// `objects/*.o`, in the order of their names, and `numpy/`.
pub fn ensure(
    cache: &Cache,
    toolchain: &Toolchain,
    host: &Path,
    wasm_python: &Path,
) -> Result<PathBuf> {
    let key = key();
    cache.step("build/guest-numpy", &key, |dir| {
        let task = progress::task("guest: NumPy for WebAssembly", Duration::from_secs(300));
        let archive = pip::source_archive(cache, &pins::NUMPY, "mesonpy")?;
        let scratch = cache.scratch("guest-numpy-work", &key)?;
        let source = scratch.join("source");
        unpack(cache, &archive, &source)?;
        patch_source(&source)?;
        lay_out_python(&scratch, host, wasm_python)?;
        let build = scratch.join("build");
        if !build.join("build.ninja").exists() {
            configure(cache, toolchain, &scratch)?;
        }
        let listed = process::output(
            Command::new(scratch.join("python/bin/python3.13"))
                .args(["-I", "-c", LIST_OBJECTS])
                .current_dir(&build),
        )?;
        let objects: Vec<&str> = listed.lines().collect();
        let mut command = Command::new(toolchain.program("ninja"));
        command.current_dir(&build).args(&objects);
        process::run(
            cache,
            "guest-numpy",
            prepare(&mut command, toolchain, &scratch)?,
        )?;
        for (index, object) in objects.iter().enumerate() {
            copy(
                &build.join(object),
                &dir.join(format!("objects/{index:03}.o")),
            )?;
        }
        copy_tree(cache, &source.join("numpy"), &dir.join("numpy"))?;
        cache.remove_scratch("guest-numpy-work", &key)?;
        task.done();
        Ok(())
    })
}

/// The build's Python with the headers of the other one: what NumPy compiles against.
fn lay_out_python(scratch: &Path, host: &Path, wasm_python: &Path) -> Result<()> {
    let python = scratch.join("python");
    let binary = python.join("bin/python3.13");
    if !binary.exists() {
        copy(&host.join("bin/python3.13"), &binary)?;
        link(&host.join("lib"), &python.join("lib"))?;
        link(&wasm_python.join("include"), &python.join("include"))?;
    }
    Ok(())
}

fn link(to: &Path, at: &Path) -> Result<()> {
    if at.is_symlink() {
        return Ok(());
    }
    std::os::unix::fs::symlink(to, at).with_context(|| format!("cannot make {}", at.display()))
}

fn configure(cache: &Cache, toolchain: &Toolchain, scratch: &Path) -> Result<()> {
    let python = scratch.join("python/bin/python3.13");
    let tools = scratch.join("tools");
    fs::create_dir_all(&tools)?;
    let cython = tools.join("cython");
    let entry = tools.join("run_cython.py");
    fs::write(&entry, RUN_CYTHON)?;
    let script = format!(
        "#!/bin/sh\nPYTHONPATH='{}' exec '{}' '{}' \"$@\"\n",
        toolchain.folder.display(),
        python.display(),
        entry.display()
    );
    write_script(&cython, &script)?;
    let cross = scratch.join("cross.ini");
    fs::write(&cross, cross_file(toolchain, scratch))?;
    let mut command = Command::new(&python);
    command
        .current_dir(scratch.join("source"))
        .args(["vendored-meson/meson/meson.py", "setup", "../build"])
        .arg("--cross-file")
        .arg(&cross)
        .args(OPTIONS);
    process::run(
        cache,
        "guest-numpy",
        prepare(&mut command, toolchain, scratch)?,
    )
}

fn prepare<'a>(
    command: &'a mut Command,
    toolchain: &Toolchain,
    scratch: &Path,
) -> Result<&'a mut Command> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = [scratch.join("tools"), toolchain.folder.join("bin")];
    let all = std::env::join_paths(own.into_iter().chain(std::env::split_paths(&path)))
        .context("the cache's path has a colon in it; set GRADIEN_CACHE to another folder")?;
    Ok(toolchain.prepare(command, scratch).env("PATH", all))
}

/// What meson must know about the target.
fn cross_file(toolchain: &Toolchain, scratch: &Path) -> String {
    let quoted = |path: PathBuf| format!("'{}'", path.display());
    let mut flags: Vec<String> = FLAGS.iter().map(|flag| format!("'{flag}'")).collect();
    flags.push(format!("'-ffile-prefix-map={}=/guest'", scratch.display()));
    let flags = flags.join(", ");
    format!(
        "[binaries]\nc = {}\ncpp = {}\nar = {}\nranlib = {}\npython = {}\ncython = {}\n\n\
         [properties]\nneeds_exe_wrapper = true\nlongdouble_format = 'IEEE_QUAD_LE'\n\n\
         [host_machine]\nsystem = 'wasi'\ncpu_family = 'wasm32'\ncpu = 'wasm32'\n\
         endian = 'little'\n\n\
         [built-in options]\nc_args = [{flags}]\ncpp_args = [{flags}, '-fno-exceptions']\n",
        quoted(toolchain.program("wasm-cc")),
        quoted(toolchain.program("wasm-c++")),
        quoted(toolchain.program("wasm-ar")),
        quoted(toolchain.program("wasm-ranlib")),
        quoted(scratch.join("python/bin/python3.13")),
        quoted(scratch.join("tools/cython")),
    )
}

fn patch_source(source: &Path) -> Result<()> {
    // The processor: WebAssembly is known by its other name only.
    patch::replace(
        &source.join("numpy/_core/include/numpy/npy_cpu.h"),
        "#elif defined(__EMSCRIPTEN__)\n",
        "#elif defined(__EMSCRIPTEN__) || defined(__wasm__)\n",
        1,
    )?;
    // A class that this version of meson names and does not have.
    patch::replace(
        &source.join("vendored-meson/meson/mesonbuild/linkers/detect.py"),
        "linkers.ZigCCDynamicLinker(",
        "linkers.LLVMDynamicLinker(",
        1,
    )?;
    // Written for hand-made vectors and else one by one; this macro of NumPy's tells
    // contiguous operands apart, so that the compiler makes the vectors.
    patch::replace(
        &source.join("numpy/_core/src/umath/loops_arithm_fp.dispatch.c.src"),
        "    for (; len > 0; --len, src0 += ssrc0, src1 += ssrc1, dst += sdst) {\n        \
         const @type@ a = *((@type@*)src0);\n        const @type@ b = *((@type@*)src1);\n        \
         *((@type@*)dst) = a @OP@ b;\n    }\n",
        "    BINARY_LOOP_FAST(@type@, @type@, *out = in1 @OP@ in2);\n",
        1,
    )?;
    vectorise_elementary(source)?;
    vectorise_simple(source)?;
    declare_as_called(source)?;
    // A BLAS that is neither searched for nor linked here: ours, sandbox/guest/cblas.c.
    patch::replace(
        &source.join("numpy/meson.build"),
        "    blas_dep = []\n",
        "    blas_dep = declare_dependency(compile_args: ['-DHAVE_CBLAS'])\n",
        1,
    )?;
    patch::replace_block(
        &source.join("numpy/_core/meson.build"),
        "if have_blas\n  src_multiarray_umath_common += [",
        "endif\n",
        "src_multiarray_umath_common += ['src/common/cblasfuncs.c']\n",
    )?;
    let random = source.join("numpy/random");
    fs::write(random.join("src/legacy_names.h"), LEGACY_NAMES)?;
    patch::replace(
        &random.join("meson.build"),
        "['-DNP_RANDOM_LEGACY=1'], [npymath_lib]",
        "['-DNP_RANDOM_LEGACY=1', '-include', 'legacy_names.h'], [npymath_lib]",
        1,
    )?;
    let fft = source.join("numpy/fft");
    patch::abort_instead_of_throw(&fft.join("pocketfft/pocketfft_hdronly.h"))?;
    patch::replace_block(
        &fft.join("_pocketfft_umath.cpp"),
        "    NPY_ALLOW_C_API_DEF\n    try {",
        "e.what());\n        NPY_DISABLE_C_API;\n    }\n",
        "    cpp_ufunc(args, dimensions, steps, func);\n",
    )
}

/// Functions that take fewer arguments than they are called with, which a processor
/// forgives and WebAssembly does not.
fn declare_as_called(source: &Path) -> Result<()> {
    let own = source.join("numpy/_core/src");
    for (file, from, to) in [
        (
            "multiarray/convert_datatype.c",
            "_get_castingimpl(PyObject *NPY_UNUSED(module), PyObject *args)",
            "_get_castingimpl(PyObject *NPY_UNUSED(module), PyObject *args, PyObject *NPY_UNUSED(kwargs))",
        ),
        (
            "multiarray/convert_datatype.h",
            "_get_castingimpl(PyObject *NPY_UNUSED(module), PyObject *args)",
            "_get_castingimpl(PyObject *NPY_UNUSED(module), PyObject *args, PyObject *NPY_UNUSED(kwargs))",
        ),
        (
            "multiarray/array_method.c",
            "boundarraymethod__supports_unaligned(PyBoundArrayMethodObject *self)",
            "boundarraymethod__supports_unaligned(PyBoundArrayMethodObject *self, void *NPY_UNUSED(closure))",
        ),
        (
            "multiarray/array_converter.c",
            "array_converter_get_scalar_input(PyArrayArrayConverterObject *self)",
            "array_converter_get_scalar_input(PyArrayArrayConverterObject *self, void *NPY_UNUSED(closure))",
        ),
        (
            "umath/_scaled_float_dtype.c",
            "sfloat___reduce__(PyArray_SFloatDescr *self)",
            "sfloat___reduce__(PyArray_SFloatDescr *self, PyObject *NPY_UNUSED(args))",
        ),
    ] {
        patch::replace(&own.join(file), from, to, 1)?;
    }
    Ok(())
}

/// exp, log and tanh of arrays come from sandbox/guest/elementary.c, instead of one call
/// of the libc for each value.
fn vectorise_elementary(source: &Path) -> Result<()> {
    let umath = source.join("numpy/_core/src/umath");
    for (real, scalar, suffix) in [
        ("npy_float", "@scalarf@", "f32"),
        ("npy_double", "@scalar@", "f64"),
    ] {
        patch::replace(
            &umath.join("loops_exponent_log.dispatch.c.src"),
            &scalar_loop(real, scalar),
            &call_elementary(suffix),
            1,
        )?;
    }
    patch::replace(
        &umath.join("loops_hyperbolic.dispatch.c.src"),
        &scalar_loop("@type@", "npy_@func@@ssfx@"),
        &call_elementary("@sfx@"),
        1,
    )
}

fn scalar_loop(real: &str, function: &str) -> String {
    format!(
        "    UNARY_LOOP {{\n        const {real} in1 = *({real} *)ip1;\n        \
         *({real} *)op1 = {function}(in1);\n    }}\n"
    )
}

fn call_elementary(suffix: &str) -> String {
    format!(
        "    extern void gradien_@func@_{suffix}(const char *, long, char *, long, long);\n    \
         gradien_@func@_{suffix}(args[0], steps[0], args[1], steps[1], dimensions[0]);\n"
    )
}

/// Loops that NumPy writes with its own vectors, with a slow path for processors without;
/// that path is made fit for the compiler's vectors.
fn vectorise_simple(source: &Path) -> Result<()> {
    let umath = source.join("numpy/_core/src/umath");
    // sqrt, absolute, square, floor, ...: contiguous values as arrays. The result lies
    // where the argument lies or elsewhere, never shifted: ufuncs copy what overlaps.
    patch::replace(
        &umath.join("loops_unary_fp.dispatch.c.src"),
        "    for (; len > 0; --len, src += src_step, dst += dst_step) {\n    #if @VCHK@\n",
        "    const npy_intp one = sizeof(npyv_lanetype_@sfx@);\n    \
         if (src_step == one && dst_step == one) {\n        \
         const npyv_lanetype_@sfx@ *from = (const npyv_lanetype_@sfx@ *)src;\n        \
         npyv_lanetype_@sfx@ *to = (npyv_lanetype_@sfx@ *)dst;\n        \
         _Pragma(\"clang loop vectorize(assume_safety)\")\n        \
         for (npy_intp i = 0; i < len; i++) {\n            \
         to[i] = c_@intr@_@sfx@(from[i]);\n        }\n        return;\n    }\n    \
         for (; len > 0; --len, src += src_step, dst += dst_step) {\n    #if @VCHK@\n",
        1,
    )?;
    patch::replace(
        &umath.join("loops_comparison.dispatch.c.src"),
        "    BINARY_LOOP {\n#if @bool@\n",
        "#if !@bool@\n    BINARY_LOOP_FAST(@type@, npy_bool, *out = in1 @OP@ in2);\n    \
         return;\n#endif\n    BINARY_LOOP {\n#if @bool@\n",
        1,
    )?;
    // maximum and minimum of two arrays; and their reductions with eight running values,
    // which NumPy has for every processor but takes out with the rest.
    patch::replace(
        &umath.join("loops_minmax.dispatch.c.src"),
        "#ifndef NPY_DISABLE_OPTIMIZATION\n    // scalar unrolls\n",
        "    if (!IS_BINARY_REDUCE) {\n        \
         BINARY_LOOP_FAST(@type@, @type@, *out = SCALAR_OP(in1, in2));\n        \
         return;\n    }\n#if 1\n    // scalar unrolls\n",
        1,
    )
}
