//! Every program of `hostile/` through a real runner and the real guest. The folder
//! is the test list: a program's first lines say what must become of it.
//!
//! ```text
//! # expect: OutOfFuel | Exception RecursionError
//! ```
//!
//! `Crash` stands for an interpreter that broke, which is an exception to the caller.
//! After each program an honest one runs in the same process and must get the same
//! answer and the same fuel as ever: nothing passes from job to job.

mod setup;

use gradien_sandbox::client::Runner;
use gradien_sandbox::job::{Job, Limits, Outcome, Status};
use setup::{call, find_runner};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

const LIMITS: Limits = Limits {
    fuel: 1_500_000_000,
    memory_bytes: 256 << 20,
    output_bytes: 64 << 10,
    result_bytes: 1 << 20,
    wall_ms: 60_000,
};
/// Nothing may hold a runner for longer than its fuel lasts on a slow machine.
const SLOWEST: Duration = Duration::from_secs(45);

const HONEST: &str = "
import sys, builtins, json
import numpy as np

def f():
    assert not hasattr(builtins, 'left_behind')
    print('honest')
    return np.tanh(np.arange(6.0).reshape(2, 3) @ np.ones((3, 2)))
";

#[test]
fn hostile_programs_get_their_status_and_leave_nothing_behind() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let mut programs: Vec<_> = fs::read_dir(&folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    programs.sort();
    assert!(programs.len() >= 40, "only {} programs", programs.len());

    let honest = call(HONEST, "f", vec![], LIMITS);
    let expected = run(&mut runner, &honest).expect("the honest program runs");
    assert_eq!(expected.status, Status::Ok);
    let mut wrong = Vec::new();
    for path in &programs {
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let source = fs::read_to_string(path).expect("readable");
        let expectations = expectations(&source);
        assert!(
            !expectations.is_empty(),
            "{name}: says nothing of what to expect"
        );
        let pid = runner.pid();
        let begun = Instant::now();
        match run(&mut runner, &call(&source, "f", vec![], LIMITS)) {
            Ok(outcome) => {
                if !expectations
                    .iter()
                    .any(|text| matches(text, &outcome.status))
                {
                    wrong.push(format!(
                        "{name}: {:?}, expected {expectations:?}",
                        outcome.status
                    ));
                }
                check_limits(&name, &outcome, &mut wrong);
            }
            Err(error) => {
                wrong.push(error);
                runner = find_runner().expect("a runner was there before");
            }
        }
        if begun.elapsed() > SLOWEST {
            wrong.push(format!("{name}: took {:?}", begun.elapsed()));
        }
        match run(&mut runner, &honest) {
            Ok(again) if again == expected => {}
            Ok(again) => wrong.push(format!("{name}: left something behind: {again:?}")),
            Err(error) => wrong.push(format!("{name}, afterwards: {error}")),
        }
        if runner.pid() != pid {
            wrong.push(format!("{name}: ended its runner"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        programs.len(),
        wrong.join("\n")
    );
}

/// A null byte in the source cannot stand in a file that people edit.
#[test]
fn sources_that_are_not_text_are_syntax_errors() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    for source in ["x = 1\0\n", "\u{feff}\0", "def f():\n    return '\u{0}'"] {
        let outcome = run(&mut runner, &call(source, "f", vec![], LIMITS)).expect("an outcome");
        let Status::Exception(exception) = &outcome.status else {
            panic!("{source:?}: {:?}", outcome.status);
        };
        assert!(
            matches!(exception.kind.as_str(), "SyntaxError" | "ValueError"),
            "{exception:?}"
        );
    }
}

fn run(runner: &mut Runner, job: &Job) -> Result<Outcome, String> {
    runner
        .run(job)
        .map_err(|error| format!("the runner failed: {error}"))
}

fn expectations(source: &str) -> Vec<String> {
    let line = source
        .lines()
        .find_map(|line| line.strip_prefix("# expect: "));
    line.map(|line| line.split(" | ").map(str::to_owned).collect())
        .unwrap_or_default()
}

/// The name of a status, and of its kind where one is given.
fn matches(expected: &str, status: &Status) -> bool {
    let (name, kind) = match status {
        Status::Ok => ("Ok", ""),
        Status::Exception(exception) if exception.kind == "InterpreterCrash" => ("Crash", ""),
        Status::Exception(exception) => ("Exception", exception.kind.as_str()),
        Status::OutOfFuel => ("OutOfFuel", ""),
        Status::WallBackstop => ("WallBackstop", ""),
        Status::OutOfMemory => ("OutOfMemory", ""),
        Status::OutputLimit => ("OutputLimit", ""),
        Status::MissingFunction { .. } => ("MissingFunction", ""),
        Status::BadReturn { reason, .. } => ("BadReturn", reason.as_str()),
        Status::SandboxFault { .. } => ("SandboxFault", ""),
    };
    match expected.split_once(' ') {
        Some((wanted, wanted_kind)) => wanted == name && wanted_kind == kind,
        None => expected == name,
    }
}

fn check_limits(name: &str, outcome: &Outcome, wrong: &mut Vec<String>) {
    if outcome.fuel > LIMITS.fuel {
        wrong.push(format!("{name}: used {} fuel", outcome.fuel));
    }
    if outcome.peak_memory_bytes > LIMITS.memory_bytes {
        wrong.push(format!("{name}: used {} bytes", outcome.peak_memory_bytes));
    }
    if outcome.stdout.len().max(outcome.stderr.len()) as u64 > LIMITS.output_bytes {
        wrong.push(format!("{name}: {} bytes of output", outcome.stdout.len()));
    }
}
