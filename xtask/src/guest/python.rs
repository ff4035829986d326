//! CPython twice: for this machine, because building CPython and NumPy for another one
//! needs a Python of the same version; and for WASI, as a static library.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::toolchain::Toolchain;
use super::{copy, copy_tree, fixed_environment, jobs, pins, python_patches, unpack};
use crate::cache::{self, Cache};
use crate::{checksum, debian, process, progress};

/// Raised when the way of building changes and nothing else that the keys name.
const HOST_RECIPE: &str = "1";
const WASM_RECIPE: &str = "3";

/// Modules of the build's Python that would depend on the machine's libraries; nothing
/// in the build uses them.
const HOST_WITHOUT: [&str; 13] = [
    "_bz2",
    "_ctypes",
    "_curses",
    "_curses_panel",
    "_dbm",
    "_gdbm",
    "_hashlib",
    "_lzma",
    "_sqlite3",
    "_ssl",
    "_tkinter",
    "_uuid",
    "readline",
];

/// Optimised as far as the compiler goes, with vectors, without assertions.
pub const WASM_FLAGS: &str = "-O3 -DNDEBUG -msimd128";

/// What configure cannot find out about WASI, or finds wrongly with zig's headers, which
/// declare functions that its libc does not have. Beyond CPython's own list.
const WASM_SITE: &str = "
ac_cv_func_mmap=no
ac_cv_func_dlopen=no
ac_cv_lib_dl_dlopen=no
ac_cv_header_sys_epoll_h=no
ac_cv_header_sys_timerfd_h=no
ac_cv_header_libintl_h=no
ac_cv_func_epoll_create=no
ac_cv_func_epoll_create1=no
ac_cv_func_timerfd_create=no
ac_cv_func_setgroups=no
ac_cv_func_bind_textdomain_codeset=no
ac_cv_func_chmod=no
ac_cv_func_fchmod=no
ac_cv_func_fchmodat=no
ac_cv_func_statvfs=no
ac_cv_func_fstatvfs=no
ac_cv_func_preadv=no
ac_cv_func_readv=no
ac_cv_func_pwritev=no
ac_cv_func_writev=no
py_cv_module__socket=n/a
py_cv_module_select=n/a
";

/// `bin/python3.13` and `lib/python3.13/`, for this machine.
pub fn ensure_host(cache: &Cache) -> Result<PathBuf> {
    let key = cache::key_of([
        HOST_RECIPE,
        pins::PYTHON_SHA256,
        HOST_WITHOUT.join(" ").as_str(),
    ]);
    cache.step("build/guest-host-python", &key, |dir| {
        let archive = fetch(cache)?;
        let task = progress::task("guest: CPython for this machine", Duration::from_secs(150));
        let scratch = cache.scratch("guest-host-python-work", &key)?;
        let source = scratch.join("source");
        unpack(cache, &archive, &source)?;
        let build = scratch.join("native");
        fs::create_dir_all(&build)?;
        if !build.join("Makefile").exists() {
            let mut command = Command::new("../source/configure");
            command
                .current_dir(&build)
                .args(["-q", "--disable-test-modules", "--with-ensurepip=no"])
                .arg("--prefix=/nonexistent")
                .args(HOST_WITHOUT.map(|module| format!("py_cv_module_{module}=n/a")));
            process::run(cache, "guest-host-python", fixed_environment(&mut command))?;
        }
        let mut command = Command::new("make");
        command.current_dir(&build).args(["-s", "-j", &jobs()]);
        process::run(cache, "guest-host-python", fixed_environment(&mut command))?;
        copy(&build.join("python"), &dir.join("bin/python3.13"))?;
        fs::create_dir_all(dir.join("lib"))?;
        let lib = dir.join("lib/python3.13");
        copy_tree(cache, &source.join("Lib"), &lib)?;
        install_built(&build, &lib)?;
        cache.remove_scratch("guest-host-python-work", &key)?;
        task.done();
        Ok(())
    })
}

/// What `make install` would do with the compiled modules, without compiling all of
/// the library to bytecode.
fn install_built(build: &Path, lib: &Path) -> Result<()> {
    let folder = fs::read_to_string(build.join("pybuilddir.txt"))
        .context("CPython's build names no folder of modules")?;
    let modules = lib.join("lib-dynload");
    fs::create_dir_all(&modules)?;
    for entry in fs::read_dir(build.join(folder.trim()))? {
        let path = entry?.path();
        let Some(name) = path.file_name() else {
            continue;
        };
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("so") => copy(&path, &modules.join(name))?,
            Some("py") => copy(&path, &lib.join(name))?,
            _ => {}
        }
    }
    Ok(())
}

pub fn wasm_key() -> String {
    cache::key_of([
        WASM_RECIPE,
        pins::PYTHON_SHA256,
        pins::ZIG.sha256,
        WASM_FLAGS,
        WASM_SITE,
        python_patches::KEY[0],
        python_patches::KEY[1],
    ])
}

/// `lib/*.a` and `include/python3.13/`, for WASI.
pub fn ensure_wasm(cache: &Cache, toolchain: &Toolchain, host: &Path) -> Result<PathBuf> {
    let key = wasm_key();
    cache.step("build/guest-wasm-python", &key, |dir| {
        let archive = fetch(cache)?;
        let task = progress::task("guest: CPython for WebAssembly", Duration::from_secs(240));
        let scratch = cache.scratch("guest-wasm-python-work", &key)?;
        let source = scratch.join("source");
        unpack(cache, &archive, &source)?;
        python_patches::apply(&source)?;
        let build = scratch.join("wasm");
        fs::create_dir_all(&build)?;
        if !build.join("Makefile").exists() {
            configure(cache, toolchain, host, &scratch)?;
        }
        let mut command = Command::new("make");
        command
            .current_dir(&build)
            .args(["-s", "-j", &jobs(), "libpython3.13.a"]);
        process::run(
            cache,
            "guest-wasm-python",
            toolchain.prepare(&mut command, &scratch),
        )?;
        for archive in [
            "libpython3.13.a",
            "Modules/_decimal/libmpdec/libmpdec.a",
            "Modules/_hacl/libHacl_Hash_SHA2.a",
            "Modules/expat/libexpat.a",
        ] {
            let from = build.join(archive);
            let name = from.file_name().context("an archive has no name")?;
            copy(&from, &dir.join("lib").join(name))?;
        }
        fs::create_dir_all(dir.join("include"))?;
        let include = dir.join("include/python3.13");
        copy_tree(cache, &source.join("Include"), &include)?;
        copy(&build.join("pyconfig.h"), &include.join("pyconfig.h"))?;
        cache.remove_scratch("guest-wasm-python-work", &key)?;
        task.done();
        Ok(())
    })
}

fn configure(cache: &Cache, toolchain: &Toolchain, host: &Path, scratch: &Path) -> Result<()> {
    let own = fs::read_to_string(scratch.join("source/Tools/wasm/config.site-wasm32-wasi"))
        .context("CPython's source has no list of settings for WASI")?;
    let site = scratch.join("config.site");
    fs::write(&site, own + WASM_SITE)?;
    let mut command = Command::new("../source/configure");
    command
        .current_dir(scratch.join("wasm"))
        .args(["-q", "--host=wasm32-wasip1", "--build=x86_64-linux-gnu"])
        .arg(format!(
            "--with-build-python={}",
            host.join("bin/python3.13").display()
        ))
        .args(["--prefix=/usr", "--disable-test-modules", "--disable-ipv6"])
        // Off by default on WASI: every small object would cost a `malloc`.
        .args(["--with-ensurepip=no", "--with-pymalloc"])
        .arg(format!(
            "CFLAGS={WASM_FLAGS} -ffile-prefix-map={}=/guest",
            scratch.display()
        ));
    toolchain
        .prepare(&mut command, scratch)
        .env("CONFIG_SITE", &site)
        .env("CC", toolchain.program("wasm-cc"))
        .env("CXX", toolchain.program("wasm-c++"))
        .env("AR", toolchain.program("wasm-ar"))
        .env("RANLIB", toolchain.program("wasm-ranlib"));
    process::run(cache, "guest-wasm-python", &mut command)
}

/// The source archive: Debian's pool first, by the machine's own apt, then upstream.
fn fetch(cache: &Cache) -> Result<PathBuf> {
    let target = cache.downloads().join(pins::PYTHON_DEBIAN_FILE);
    if target.exists() {
        return Ok(target);
    }
    let task = progress::task("guest: fetching CPython (23 MB)", Duration::from_secs(20));
    let from_debian = debian::source_tarball(
        cache,
        pins::PYTHON_DEBIAN_PACKAGE,
        pins::PYTHON_VERSION,
        pins::PYTHON_DEBIAN_FILE,
        pins::PYTHON_SHA256,
    );
    if let Err(debian) = from_debian {
        fetch_upstream(cache, &target).with_context(|| {
            format!(
                "CPython {} came neither from Debian ({debian:#}) nor from upstream",
                pins::PYTHON_VERSION
            )
        })?;
    }
    task.done();
    Ok(target)
}

fn fetch_upstream(cache: &Cache, target: &Path) -> Result<()> {
    const SCRIPT: &str =
        "import sys, urllib.request; urllib.request.urlretrieve(sys.argv[1], sys.argv[2])";
    let partial = target.with_extension("partial");
    let mut command = Command::new("python3");
    command
        .args(["-c", SCRIPT, pins::PYTHON_UPSTREAM])
        .arg(&partial);
    process::run(cache, "guest-fetch", &mut command)?;
    checksum::require(&partial, pins::PYTHON_SHA256)?;
    fs::rename(&partial, target).with_context(|| format!("cannot make {}", target.display()))
}
