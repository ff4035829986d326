//! The guest image compiled for this machine's processor.
//!
//! The snapshot is the same everywhere and pinned; the machine code made of it is not,
//! so it lies beside it under a key of its own: the versions of compiler and sandbox,
//! how the one sets up the other, and what the processor can do.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cache::{self, Cache};
use crate::workspace::Workspace;
use crate::{process, progress};

/// The compiled image of the snapshot `wasm`, for `GRADIEN_GUEST`.
pub fn ensure(cache: &Cache, workspace: &Workspace, wasm: &Path) -> Result<PathBuf> {
    let key = key(workspace)?;
    let target = wasm.with_file_name(format!("python-{key}.cwasm"));
    if target.exists() {
        return Ok(target);
    }
    let _lock = cache.lock(&format!("compiled-guest-{key}"))?;
    if target.exists() {
        return Ok(target);
    }
    cache.require_free(500_000_000, "the compiled guest")?;
    workspace.build_programs(cache, &["gradien-runner"], Duration::from_secs(120))?;
    let task = progress::task(
        "guest: compiling for this processor",
        Duration::from_secs(60),
    );
    let mut command = Command::new(workspace.binary("gradien-runner"));
    command
        .arg("compile")
        .arg("--wasm")
        .arg(wasm)
        .arg("--out")
        .arg(&target);
    // It writes beside the target first and renames: what is there is whole.
    process::run(cache, "compile-guest", &mut command)
        .context("the guest cannot be compiled for this processor")?;
    task.done();
    Ok(target)
}

fn key(workspace: &Workspace) -> Result<String> {
    let lock = fs::read_to_string(workspace.root().join("Cargo.lock"))
        .context("cannot read Cargo.lock")?;
    let compiler = find_version(&lock, "wasmtime").context("Cargo.lock names no wasmtime")?;
    let sandbox =
        find_version(&lock, "gradien-sandbox").context("Cargo.lock names no gradien-sandbox")?;
    let engine = fs::read(workspace.root().join("sandbox/src/engine/config.rs")).context(
        "cannot read sandbox/src/engine/config.rs, which says how the guest is compiled",
    )?;
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    Ok(cache::key_of([
        compiler.as_bytes(),
        sandbox.as_bytes(),
        &engine,
        find_flags(&processor).unwrap_or_default().as_bytes(),
    ]))
}

/// The locked version of a package.
fn find_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    lines
        .next()?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

/// What the first processor can do: "flags" on x86, "Features" on ARM.
fn find_flags(cpuinfo: &str) -> Option<&str> {
    cpuinfo
        .lines()
        .find(|line| line.starts_with("flags") || line.starts_with("Features"))
        .and_then(|line| line.split_once(':'))
        .map(|(_, flags)| flags.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_compiler_and_the_processor_are_read() {
        let lock = "[[package]]\nname = \"wasmtime-cache\"\nversion = \"1\"\n\n[[package]]\nname = \"wasmtime\"\nversion = \"48.0.8\"\n";
        assert_eq!(find_version(lock, "wasmtime"), Some("48.0.8"));
        assert_eq!(find_version(lock, "tch"), None);
        assert_eq!(
            find_flags("processor\t: 0\nflags\t\t: fpu sse2\n"),
            Some("fpu sse2")
        );
    }
}
