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
use gradien_sandbox::job::{Again, Job, Limits, Outcome, Status};
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
/// How much longer than its fuel a program may take: as a multiple of a plain loop's
/// time for that much fuel, plus that of an honest job.
const SLOWEST_RATIO: f64 = 10.0;
/// A machine under load makes one measurement long; a program is slow if all are.
const TRIES: usize = 4;
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
    assert!(programs.len() >= 120, "only {} programs", programs.len());

    let honest = call(HONEST, "f", vec![], LIMITS);
    let expected = run(&mut runner, &honest).expect("the honest program runs");
    assert_eq!(expected.status, Status::Ok);
    let pace = Pace::measure(&mut runner, &honest);
    let mut paces = Vec::new();
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
        let job = call(&source, "f", vec![], LIMITS);
        match run(&mut runner, &job) {
            Ok(outcome) => {
                let first = pace.ratio(begun.elapsed(), outcome.fuel);
                paces.push((pace.least(first, &mut runner, &job), name.clone()));
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
                if outcome.status == Status::Ok {
                    check_row(&mut runner, job, &name, &outcome, &mut wrong);
                }
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
    paces.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("time over fuel, in plain loops: {:.2?}", &paces[..5]);
    for (ratio, name) in paces.iter().filter(|(ratio, _)| *ratio > SLOWEST_RATIO) {
        wrong.push(format!(
            "{name}: takes {ratio:.1} times the time of its fuel"
        ));
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        programs.len(),
        wrong.join("\n")
    );
}

/// What time fuel takes on this machine, now.
struct Pace {
    seconds_per_fuel: f64,
    honest_seconds: f64,
}

impl Pace {
    fn measure(runner: &mut Runner, honest: &Job) -> Pace {
        let plain = call("while True:\n    pass", "f", vec![], LIMITS);
        let mut least = |job: &Job| {
            let times = (0..TRIES).map(|_| {
                let begun = Instant::now();
                run(runner, job).expect("an outcome");
                begun.elapsed().as_secs_f64()
            });
            times.fold(f64::INFINITY, f64::min)
        };
        Pace {
            seconds_per_fuel: least(&plain) / LIMITS.fuel as f64,
            honest_seconds: least(honest),
        }
    }

    fn ratio(&self, elapsed: Duration, fuel: u64) -> f64 {
        elapsed.as_secs_f64() / (self.seconds_per_fuel * fuel as f64 + self.honest_seconds)
    }

    /// The ratio as it was, or of the quickest of some more runs where it was too much.
    fn least(&self, first: f64, runner: &mut Runner, job: &Job) -> f64 {
        let mut least = first;
        for _ in 1..TRIES {
            if least <= SLOWEST_RATIO {
                break;
            }
            let begun = Instant::now();
            if let Ok(outcome) = run(runner, job) {
                least = least.min(self.ratio(begun.elapsed(), outcome.fuel));
            }
        }
        least
    }
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

/// What CPython's own compiler, in the guest, says to sources that are only large.
#[test]
fn large_sources_are_a_status_in_little_time() {
    let Some(mut runner) = find_runner() else {
        return;
    };
    let honest = call(HONEST, "f", vec![], LIMITS);
    let expected = run(&mut runner, &honest).expect("the honest program runs");
    let nested = "(".repeat(100_000) + &")".repeat(100_000);
    let sources = [
        ("ten megabytes of lines", "x = 1\n".repeat(1_700_000)),
        ("ten megabytes of comments", "# nothing\n".repeat(1_000_000)),
        ("ten megabytes of one name", "x".repeat(10 << 20)),
        (
            "ten megabytes of one text",
            format!("x = '{}'", "é".repeat(5 << 20)),
        ),
        ("nested parentheses", format!("x = {nested}")),
        (
            "nested brackets",
            format!("x = {}", nested.replace('(', "[").replace(')', "]")),
        ),
        ("nested signs", format!("x = {}1", "-".repeat(100_000))),
        (
            "nested blocks",
            (0..2_000).map(|n| " ".repeat(n) + "if 1:\n").collect(),
        ),
        (
            "a literal of ten million",
            format!("x = [{}]", "1,".repeat(10_000_000)),
        ),
        (
            "a sum of a hundred thousand",
            format!("x = 1{}", "+1".repeat(100_000)),
        ),
        (
            "a literal of many digits",
            format!("x = {}", "9".repeat(10 << 20)),
        ),
    ];
    for (name, source) in sources {
        let begun = Instant::now();
        let outcome = run(&mut runner, &call(&source, "f", vec![], LIMITS)).expect(name);
        let said = match &outcome.status {
            Status::Exception(exception) => {
                assert_ne!(exception.kind, "InterpreterCrash", "{name}");
                exception.kind.clone()
            }
            Status::MissingFunction { .. } => "compiled".into(),
            Status::OutOfFuel | Status::OutOfMemory => format!("{:?}", outcome.status),
            other => panic!("{name}: {other:?}"),
        };
        let elapsed = begun.elapsed();
        println!("{name}: {said}, {elapsed:.2?}, fuel {}", outcome.fuel);
        assert!(elapsed < SLOWEST, "{name}");
        assert_eq!(run(&mut runner, &honest).expect(name), expected, "{name}");
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

/// A program that ended well may be called again in what it has left: its first outcome
/// is the same, and what comes of the others is its own affair.
fn check_row(
    runner: &mut Runner,
    mut job: Job,
    name: &str,
    first: &Outcome,
    wrong: &mut Vec<String>,
) {
    let args = Vec::new();
    job.again = vec![Again { args, seed: 8 }; 2];
    match runner.run_all(&job) {
        Ok(outcomes) if outcomes[0] != *first => {
            wrong.push(format!("{name}: began otherwise in a row"));
        }
        Ok(outcomes) => {
            for outcome in &outcomes {
                check_limits(name, outcome, wrong);
                if let Some(fault) = outcome.fault() {
                    wrong.push(format!("{name}, in a row: {fault}"));
                }
            }
        }
        Err(error) => wrong.push(format!("{name}, in a row: {error}")),
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
