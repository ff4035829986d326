//! `cargo xtask bench`: the measurements are tests that run on demand only, one thread
//! at a time. `bench sandbox` measures the sandbox against this machine's own Python,
//! `bench grader` what a verdict costs and where.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::cache::{Cache, key_of};
use crate::environment::Environment;
use crate::setup::{self, Extra};
use crate::workspace::Workspace;
use crate::{process, progress};

/// The guest's own version, so that both sides run the same NumPy.
const NUMPY: &str = "numpy==2.2.6";
const SANDBOX: &str = "sandbox";
const GRADER: &str = "grader";

pub fn run(filter: &[String]) -> Result<()> {
    let cache = Cache::open()?;
    let workspace = Workspace::find()?;
    if filter == [SANDBOX] {
        return sandbox(&cache, &workspace);
    }
    let environment = setup::ensure(&cache, &workspace, Extra::default(), |environment| {
        workspace.build_tests(&cache, environment)
    })?;
    let mut command = workspace.cargo();
    command.args(["test", "--workspace"]);
    // A test of its own, whose parts are measured all or by their names.
    let filter = match filter.split_first() {
        Some((first, rest)) if first == GRADER => {
            command.args(["--test", GRADER]);
            rest
        }
        _ => filter,
    };
    command
        .args(["--", "--ignored", "--nocapture", "--test-threads=1"])
        .args(filter);
    finish(command, &environment)
}

fn sandbox(cache: &Cache, workspace: &Workspace) -> Result<()> {
    let environment = setup::ensure(cache, workspace, Extra::default(), |_| Ok(()))?;
    let mut command = workspace.cargo();
    command
        .args(["test", "--workspace", "--test", "measures"])
        .args(["--", "--ignored", "--nocapture", "--test-threads=1"]);
    match native_numpy(cache) {
        Ok(path) => {
            command.env("GRADIEN_BENCH_PYTHONPATH", path);
        }
        Err(error) => progress::say(&format!(
            "measuring without native NumPy, or with the machine's own: {error:#}"
        )),
    }
    finish(command, &environment)
}

fn finish(mut command: Command, environment: &Environment) -> Result<()> {
    environment.apply(&mut command);
    let status = command.status().context("cannot start cargo")?;
    ensure!(status.success(), "the measurements ended with {status}");
    Ok(())
}

/// A folder for PYTHONPATH with NumPy for this machine's Python.
fn native_numpy(cache: &Cache) -> Result<PathBuf> {
    let python = process::get_program("python3")?;
    let version = process::output(Command::new(&python).arg("--version"))?;
    let key = key_of([NUMPY, version.trim()]);
    cache.step("bench-numpy", &key, |folder| {
        let mut command = Command::new(&python);
        command
            .args(["-m", "pip", "install", "--no-deps", "--only-binary=:all:"])
            .args(["--disable-pip-version-check", "--no-input"])
            .args(["--progress-bar", "off", "--target"])
            .arg(folder)
            .arg(NUMPY)
            .env("PIP_REQUIRE_VIRTUALENV", "0")
            .env_remove("PIP_USER");
        process::run(cache, "bench-numpy", &mut command)
    })
}
