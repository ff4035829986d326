//! What tests with the real guest share.

#![allow(dead_code, reason = "each test uses a part of it")]

use gradien_sandbox::array::Named;
use gradien_sandbox::client::{Runner, RunnerConfig};
use gradien_sandbox::job::{Call, Job, Limits, Module};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The guest image, from the environment; says loudly where there is none.
pub fn find_guest() -> Option<PathBuf> {
    let guest = std::env::var_os("GRADIEN_GUEST").map(PathBuf::from);
    if guest.is_none() {
        // Written past the test harness, which keeps the prints of tests that pass.
        let _ = writeln!(
            std::io::stderr(),
            "SKIPPED: no guest; use `cargo xtask test`, or `eval \"$(cargo xtask env)\"` first"
        );
    }
    guest
}

pub fn config(guest: &Path) -> RunnerConfig {
    RunnerConfig::new(Path::new(env!("CARGO_BIN_EXE_gradien-runner")), guest)
}

pub fn find_runner() -> Option<Runner> {
    let guest = find_guest()?;
    Some(Runner::spawn(&config(&guest)).expect("the runner starts"))
}

/// A job that calls one function of one module.
pub fn call(source: &str, function: &str, args: Vec<Named>, limits: Limits) -> Job {
    Job {
        modules: vec![Module {
            name: "solution".into(),
            filename: "solution.py".into(),
            source: source.into(),
        }],
        call: Some(Call {
            module: "solution".into(),
            function: function.into(),
            args,
        }),
        seed: 7,
        limits,
        again: vec![],
    }
}
