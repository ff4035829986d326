//! The compiler and the two build tools, from wheels of the Python package index;
//! nothing of them is installed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::pins;
use crate::cache::{self, Cache};
use crate::{pip, progress};

/// Raise it when what this file writes changes.
const RECIPE: &str = "1";

pub struct Toolchain {
    pub folder: PathBuf,
}

impl Toolchain {
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// Adds what the wrapped compiler needs. `scratch` takes its own cache.
    pub fn prepare<'a>(&self, command: &'a mut Command, scratch: &Path) -> &'a mut Command {
        let zig_cache = scratch.join("zig-cache");
        super::fixed_environment(command)
            .env("ZIG_GLOBAL_CACHE_DIR", &zig_cache)
            .env("ZIG_LOCAL_CACHE_DIR", &zig_cache)
    }
}

pub fn ensure(cache: &Cache) -> Result<Toolchain> {
    let key = cache::key_of([
        RECIPE,
        pins::ZIG.sha256,
        pins::NINJA.sha256,
        pins::CYTHON.sha256,
    ]);
    let folder = cache.step_in_place("build/guest-toolchain", &key, |dir| {
        let task = progress::task(
            "guest: fetching the compiler (94 MB)",
            Duration::from_secs(40),
        );
        let zig = pip::wheel(cache, &pins::ZIG)?;
        let ninja = pip::wheel(cache, &pins::NINJA)?;
        let cython = pip::wheel(cache, &pins::CYTHON)?;
        pip::unzip(&zig, dir, |name| name.starts_with("ziglang/"))?;
        pip::unzip(&ninja, dir, |name| name.ends_with("scripts/ninja"))?;
        pip::unzip(&cython, dir, |name| {
            name.starts_with("Cython/") || name == "cython.py"
        })?;
        let zig = dir.join("ziglang/zig");
        make_executable(&zig)?;
        let ninja = dir.join(format!("ninja-{}.data/scripts/ninja", pins::NINJA.version));
        make_executable(&ninja)?;
        fs::create_dir_all(dir.join("bin"))?;
        std::os::unix::fs::symlink(&ninja, dir.join("bin/ninja"))?;
        // zig's checks for undefined behaviour would trap where C programs are lenient.
        for (name, arguments) in [
            ("wasm-cc", "cc -target wasm32-wasi -fno-sanitize=undefined"),
            (
                "wasm-c++",
                "c++ -target wasm32-wasi -fno-sanitize=undefined",
            ),
            ("wasm-ar", "ar"),
            ("wasm-ranlib", "ranlib"),
        ] {
            let script = format!("#!/bin/sh\nexec '{}' {arguments} \"$@\"\n", zig.display());
            write_script(&dir.join("bin").join(name), &script)?;
        }
        task.done();
        Ok(())
    })?;
    Ok(Toolchain { folder })
}

pub fn write_script(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    make_executable(path)
}

fn make_executable(path: &Path) -> Result<()> {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .with_context(|| format!("cannot make {} executable", path.display()))
}
