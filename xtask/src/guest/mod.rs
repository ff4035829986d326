//! The Python guest: CPython and NumPy compiled to one WebAssembly module, started
//! once and saved with its memory.
//!
//! Theory of operation. The recipe is a chain of cache steps; each one's key names all
//! that went into it, so a change of the harness links again and does not compile
//! CPython again:
//!
//! ```text
//! toolchain      zig (C compiler, wasm libc), ninja, Cython: wheels, unpacked
//! host python    CPython for this machine, only to run the build's scripts
//! wasm python    libpython3.13.a and its headers
//! numpy          NumPy's objects and its Python files
//! image          linked, started by `gradien-snapshot`, compared with the pinned sum
//! ```
//!
//! The result does not depend on where or when it is built: paths are mapped to
//! `/guest`, debug information is stripped, dates are fixed, Python's files come
//! through one zip archive in fixed order, and the snapshot is taken under our own
//! WASI with a fixed clock and fixed randomness.

mod image;
mod numpy;
mod numpy_tests;
mod patch;
mod pins;
mod python;
mod python_patches;
mod toolchain;

pub use numpy_tests::run as run_numpy_tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cache::{self, Cache};
use crate::process;
use crate::workspace::Workspace;

/// Names a snapshot that was built elsewhere, to save the time; it must have the pinned
/// sum like any other.
const BUILT_ELSEWHERE: &str = "GRADIEN_GUEST_WASM";

/// The snapshot's path, built if it is not there.
pub fn ensure(cache: &Cache, workspace: &Workspace) -> Result<PathBuf> {
    let key = image::key(workspace)?;
    if let Some(done) = cache.find_step("guest", &key) {
        return Ok(done.join(image::FILE));
    }
    if let Some(path) = std::env::var_os(BUILT_ELSEWHERE).map(PathBuf::from) {
        let folder = cache.step("guest", &key, |dir| {
            copy(&path, &dir.join(image::FILE))?;
            image::require_pinned(workspace, &path)
        })?;
        return Ok(folder.join(image::FILE));
    }
    require_machine()?;
    cache.require_free(4_000_000_000, "building the guest")?;
    let toolchain = toolchain::ensure(cache)?;
    let host = python::ensure_host(cache)?;
    let python = python::ensure_wasm(cache, &toolchain, &host)?;
    let numpy = numpy::ensure(cache, &toolchain, &host, &python)?;
    let parts = image::Parts {
        toolchain,
        host,
        python,
        numpy,
    };
    image::ensure(cache, workspace, &parts, &key)
}

fn require_machine() -> Result<()> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        bail!(
            "the guest is built on Linux on x86-64 only; build it there and let \
             {BUILT_ELSEWHERE} name python.wasm of that machine's cache"
        );
    }
    for program in ["cc", "make", "python3", "tar", "xz"] {
        process::get_program(program)?;
    }
    Ok(())
}

/// How many compilers run at once.
fn jobs() -> String {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    cores.to_string()
}

/// Unpacks a tar archive without its top folder, once: `into` is there when it is whole.
fn unpack(cache: &Cache, archive: &Path, into: &Path) -> Result<()> {
    if into.exists() {
        return Ok(());
    }
    let partial = into.with_extension("unpacking");
    cache::remove_tree(&partial)?;
    fs::create_dir_all(&partial)?;
    let mut command = Command::new("tar");
    command
        .args(["-x", "--no-same-owner", "--strip-components=1", "-f"])
        .arg(archive)
        .arg("-C")
        .arg(&partial);
    process::run(cache, "guest-unpack", &mut command)?;
    fs::rename(&partial, into).with_context(|| format!("cannot make {}", into.display()))
}

/// Copies a folder with all in it.
fn copy_tree(cache: &Cache, from: &Path, to: &Path) -> Result<()> {
    let mut command = Command::new("cp");
    command.arg("-R").arg(from).arg(to);
    process::run(cache, "guest-copy", &mut command)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(from, to)
        .map(|_| ())
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

/// What every part of the build runs with: nothing of the machine's own Python, and
/// the same everywhere.
fn fixed_environment(command: &mut Command) -> &mut Command {
    for name in ["CC", "CXX", "CFLAGS", "CXXFLAGS", "CPPFLAGS", "LDFLAGS"] {
        command.env_remove(name);
    }
    for name in ["PYTHONPATH", "PYTHONHOME", "MAKEFLAGS", "MAKELEVEL"] {
        command.env_remove(name);
    }
    command
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC")
        .env("SOURCE_DATE_EPOCH", "1751328000")
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // pkg-config would find this machine's libraries.
        .env("PKG_CONFIG_LIBDIR", "/nonexistent")
}
