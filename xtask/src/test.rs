//! `cargo xtask test`: every check and every test, and one line at the end that says
//! how many passed, failed and were skipped.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::deny::{self, Advisories};
use crate::environment::Environment;
use crate::workspace::Workspace;

/// What has been counted so far.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Tally {
    passed: usize,
    failed: usize,
    /// One line each: what was not tested and why.
    skipped: Vec<String>,
    /// How many of `passed` said that they were skipped: a test that skips itself comes
    /// back without an error.
    skipped_tests: usize,
    /// Tests that run on demand only, as measurements.
    on_demand: usize,
    failures: Vec<String>,
}

impl Tally {
    /// Runs one check that is no cargo test and counts it.
    pub fn check(&mut self, name: &str, check: impl FnOnce() -> Result<()>) {
        eprintln!("---- {name}");
        match check() {
            Ok(()) => self.passed += 1,
            Err(error) => {
                eprintln!("{error:#}");
                self.failed += 1;
                self.failures.push(name.to_owned());
            }
        }
    }

    pub fn skip(&mut self, why: String) {
        eprintln!("SKIPPED: {why}");
        self.skipped.push(why);
    }

    pub fn all_passed(&self) -> bool {
        self.failed == 0
    }

    /// The list of what was skipped and failed, then "N passed, N failed, N skipped".
    pub fn print(&self) {
        println!();
        for why in &self.skipped {
            println!("SKIPPED: {why}");
        }
        for name in &self.failures {
            println!("FAILED: {name}");
        }
        if self.on_demand > 0 {
            println!(
                "{} tests run on demand only (measurements: cargo xtask bench)",
                self.on_demand
            );
        }
        println!("{}", self.closing_line());
    }

    fn closing_line(&self) -> String {
        format!(
            "{} passed, {} failed, {} skipped",
            self.passed.saturating_sub(self.skipped_tests),
            self.failed,
            self.skipped.len()
        )
    }
}

/// Formatting, lints and dependencies.
pub fn check_sources(
    tally: &mut Tally,
    cache: &Cache,
    workspace: &Workspace,
    environment: &Environment,
) {
    tally.check("formatting", || {
        succeed(workspace.cargo().args(["fmt", "--all", "--check"]))
            .context("run `cargo fmt --all`")
    });
    let mut advisories = None;
    tally.check("dependencies: licences, bans, sources", || {
        advisories = Some(deny::check(cache, workspace)?);
        Ok(())
    });
    match advisories {
        Some(Advisories::Checked) => tally.check("dependencies: advisories", || Ok(())),
        Some(Advisories::Skipped(why)) => {
            tally.skip(format!("known weaknesses of dependencies: {why}"));
        }
        None => {}
    }
    tally.check("lints", || {
        let mut command = workspace.cargo();
        command.args(["clippy", "--workspace", "--all-targets", "--quiet"]);
        command.args(["--", "-D", "warnings"]);
        environment.apply(&mut command);
        succeed(&mut command)
    });
}

/// All tests whose name contains `filter`, or all.
pub fn run_tests(
    tally: &mut Tally,
    workspace: &Workspace,
    environment: &Environment,
    filter: &[String],
) -> Result<()> {
    eprintln!("---- tests");
    let mut command = workspace.cargo();
    command
        .args(["test", "--workspace", "--no-fail-fast", "--"])
        // Tests that pass with `SKIPPED: …` must be heard.
        .arg("--show-output")
        .args(filter)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    environment.apply(&mut command);
    let mut child = command.spawn().context("cannot start cargo")?;
    let said = child.stdout.take().context("cargo has no output")?;
    let mut reader = Reader::default();
    let mut out = std::io::stdout();
    let before = tally.failed;
    for line in BufReader::new(said).split(b'\n') {
        let line = line?;
        let line = String::from_utf8_lossy(&line);
        if reader.read(&line, tally) {
            writeln!(out, "{line}")?;
        }
    }
    let status = child.wait()?;
    // A test program that was killed prints no result; the exit code still tells.
    if !status.success() && tally.failed == before {
        tally.failed += 1;
        tally
            .failures
            .push(format!("cargo test ended with {status} without a result"));
    }
    Ok(())
}

/// Reads what the test programs print. `--show-output` repeats the output of every
/// passed test between "successes:" and the next section; of that only the lines
/// about skipping are shown.
#[derive(Default)]
struct Reader {
    in_successes: bool,
}

impl Reader {
    /// Counts what the line says; whether to show it.
    fn read(&mut self, line: &str, tally: &mut Tally) -> bool {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.in_successes = false;
            tally.passed += number_before(result, " passed");
            tally.failed += number_before(result, " failed");
            tally.on_demand += number_before(result, " ignored");
            return true;
        }
        match line {
            "successes:" => self.in_successes = true,
            "failures:" => self.in_successes = false,
            _ => {}
        }
        if let Some(why) = line.strip_prefix("SKIPPED: ") {
            tally.skipped.push(why.to_owned());
            tally.skipped_tests += 1;
            return true;
        }
        if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            tally.failures.push(name.to_owned());
        }
        !self.in_successes
    }
}

/// 19 of "ok. 19 passed; 0 failed" for " passed"; 0 if it is not there.
fn number_before(text: &str, word: &str) -> usize {
    text.split(word)
        .next()
        .filter(|head| head.len() < text.len())
        .and_then(|head| head.rsplit(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or(0)
}

/// Runs a command with its output on the screen.
fn succeed(command: &mut std::process::Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start {:?}", command.get_program()))?;
    anyhow::ensure!(status.success(), "it ended with {status}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(said: &str) -> (Tally, Vec<&str>) {
        let mut tally = Tally::default();
        let mut reader = Reader::default();
        let shown = said
            .lines()
            .filter(|line| reader.read(line, &mut tally))
            .collect();
        (tally, shown)
    }

    #[test]
    fn results_of_all_programs_are_added_up() {
        let (tally, _) = read(
            "running 2 tests\ntest a ... ok\ntest b::c ... FAILED\n\
             test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out\n\
             test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; 0 filtered out\n",
        );
        assert_eq!(tally.closing_line(), "13 passed, 1 failed, 0 skipped");
        assert_eq!(
            (tally.on_demand, tally.failures),
            (3, vec!["b::c".to_owned()])
        );
    }

    #[test]
    fn a_skipped_test_counts_as_skipped_only() {
        let (tally, shown) = read(
            "test a ... ok\ntest b ... ok\n\nsuccesses:\n\n---- a stdout ----\nnoise\n\
             SKIPPED: no browser on this machine\n\n\nsuccesses:\n    a\n    b\n\n\
             test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n",
        );
        assert!(!shown.contains(&"noise"), "{shown:?}");
        assert!(shown.contains(&"SKIPPED: no browser on this machine"));
        assert_eq!(tally.closing_line(), "1 passed, 0 failed, 1 skipped");
    }
}
