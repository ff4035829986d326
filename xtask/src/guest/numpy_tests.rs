//! NumPy's own tests in the guest: see `sandbox/guest/numpy_tests/README.md`.

use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result};

use super::{image, numpy, python, toolchain};
use crate::cache::Cache;
use crate::workspace::Workspace;

/// Links the guest anew, since the cache keeps only its snapshot, and runs these parts
/// of the tests, or all. What they print goes to the output as it comes.
pub fn run(cache: &Cache, workspace: &Workspace, parts: &[String]) -> Result<ExitCode> {
    super::require_machine()?;
    let toolchain = toolchain::ensure(cache)?;
    let host = python::ensure_host(cache)?;
    let python = python::ensure_wasm(cache, &toolchain, &host)?;
    let numpy = numpy::ensure(cache, &toolchain, &host, &python)?;
    workspace.build_programs(cache, &["gradien-snapshot"], Duration::from_secs(120))?;
    let image = image::Parts {
        toolchain,
        host,
        python,
        numpy,
    };
    let key = image::key(workspace)?;
    let scratch = cache.scratch("guest-numpy-tests", &key)?;
    let linked = image::link(cache, workspace, &image, &scratch)?;
    let guest = workspace.root().join(image::GUEST);
    let mut command = Command::new(image.host.join("bin/python3.13"));
    command
        .arg("-I")
        .arg(guest.join("numpy_tests/run.py"))
        .arg(workspace.binary("gradien-snapshot"))
        .arg(&linked)
        .arg(image.host.join("lib/python3.13"))
        .arg(image.numpy.join("numpy"))
        .arg(&guest)
        .arg(&scratch)
        .args(parts);
    let status = super::fixed_environment(&mut command)
        .status()
        .context("cannot start the tests")?;
    cache.remove_scratch("guest-numpy-tests", &key)?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
