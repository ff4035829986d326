//! `gradien pack …` is the grader's: it alone can run a pack.

use crate::config::sibling;
use anyhow::Context;
use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitCode};

/// Becomes `gradien-grader pack …`; returns only if that fails.
pub fn hand_on(arguments: &[OsString]) -> anyhow::Result<ExitCode> {
    let grader = sibling("gradien-grader");
    let error = Command::new(&grader).arg("pack").args(arguments).exec();
    Err(error).with_context(|| {
        let grader = grader.display();
        format!("{grader} cannot be started; `gradien doctor` says what is missing")
    })
}
