//! The work tree and cargo in it.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cache::Cache;
use crate::environment::Environment;
use crate::{process, progress};

pub struct Workspace {
    root: PathBuf,
    binaries: PathBuf,
}

impl Workspace {
    /// The work tree that `cargo xtask` was called in: a target folder may be shared
    /// between clones, so the one that xtask was compiled in does not count.
    pub fn find() -> Result<Workspace> {
        let package = env::var_os("CARGO_MANIFEST_DIR")
            .context("call this as `cargo xtask …`: cargo says where the work tree is")?;
        let root = Path::new(&package)
            .parent()
            .context("xtask stands in no work tree")?
            .to_owned();
        let own = env::current_exe().context("cannot tell where this program lies")?;
        let binaries = own.parent().unwrap_or(Path::new("/")).to_owned();
        Ok(Workspace { root, binaries })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// One of our programs, once it is built.
    pub fn binary(&self, name: &str) -> PathBuf {
        self.binaries.join(name)
    }

    /// cargo, in the work tree, without what the outer cargo says about xtask.
    pub fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        for (name, _) in env::vars_os() {
            let name_text = name.to_string_lossy();
            if name_text.starts_with("CARGO_PKG_")
                || name_text.starts_with("CARGO_MANIFEST_")
                || name_text.starts_with("CARGO_BIN_")
                || name_text == "CARGO_CRATE_NAME"
                || name_text == "CARGO_PRIMARY_PACKAGE"
            {
                command.env_remove(name);
            }
        }
        command
    }

    /// Builds these programs. All packages are always selected, and targets narrowed
    /// down, because cargo unifies features over the *selected* packages: `-p` here and
    /// `--workspace` there would build every dependency twice.
    pub fn build_programs(&self, cache: &Cache, names: &[&str], expected: Duration) -> Result<()> {
        let mut command = self.cargo();
        command.args(["build", "--workspace"]);
        for name in names {
            command.args(["--bin", name]);
        }
        self.build(
            cache,
            &format!("building {}", names.join(", ")),
            command,
            expected,
        )
    }

    /// Builds every program.
    pub fn build_all(&self, cache: &Cache, environment: &Environment) -> Result<()> {
        let mut command = self.cargo();
        command.args(["build", "--workspace", "--bins"]);
        environment.apply(&mut command);
        self.build(cache, "building Gradien", command, Duration::from_secs(420))
    }

    /// Builds every program and every test, as the test run will want them.
    pub fn build_tests(&self, cache: &Cache, environment: &Environment) -> Result<()> {
        let mut command = self.cargo();
        command.args(["build", "--workspace", "--bins", "--tests"]);
        environment.apply(&mut command);
        self.build(
            cache,
            "building Gradien and its tests",
            command,
            Duration::from_secs(600),
        )
    }

    /// Runs a cargo build with its present crate shown behind the task; what it says
    /// is shown whole when it fails, since its messages are for whoever wrote the code.
    fn build(
        &self,
        cache: &Cache,
        what: &str,
        mut command: Command,
        expected: Duration,
    ) -> Result<()> {
        // A build that has nothing to do needs no line on the screen.
        let mut task = None;
        let mut log = std::fs::File::create(cache.log("cargo-build"))?;
        writeln!(log, "$ {}", process::command_line(&command))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start cargo")?;
        let said = child.stderr.take().context("cargo has no standard error")?;
        let mut messages = Vec::new();
        for line in BufReader::new(said).lines() {
            let line = line?;
            writeln!(log, "{line}")?;
            let trimmed = line.trim_start();
            if let Some(step) = ["Compiling", "Downloading", "Downloaded"]
                .iter()
                .find_map(|word| trimmed.strip_prefix(word))
            {
                task.get_or_insert_with(|| progress::task(what, expected))
                    .note(step.trim());
            } else if !trimmed.starts_with("Finished") && !trimmed.starts_with("Blocking") {
                messages.push(line);
            }
        }
        if child.wait()?.success() {
            if let Some(task) = task {
                task.done();
            }
            return Ok(());
        }
        drop(task);
        let messages = messages.join("\n");
        if messages.contains("linker `cc` not found") {
            bail!("{}", process::missing("cc"));
        }
        bail!(
            "{what} failed:\n{messages}\nThe whole log: {}",
            cache.log("cargo-build").display()
        )
    }
}
