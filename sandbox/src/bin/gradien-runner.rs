//! `gradien-runner`: the process that runs students' programs.
//!
//! `serve` is what a grader starts: it loads the guest, locks itself, says hello,
//! and then answers each job on standard input with the list of its calls' outcomes on
//! standard output. The other commands are for people.

use anyhow::{Context, Result, bail};
use clap::{Parser, Subcommand};
use gradien_sandbox::client::RunnerInfo;
use gradien_sandbox::engine::{Executor, Guest, HOST_STACK_BYTES, compile, sandbox_version};
use gradien_sandbox::frame::{FrameError, read_frame, write_frame};
use gradien_sandbox::job::{Call, Job, Limits, Module, Outcome};
use gradien_sandbox::lockdown::{Policy, apply, close_inherited, isolate};
use rustix::process::{Resource, getrlimit, setrlimit};
use std::io::{stdin, stdout};
use std::path::PathBuf;

/// A job is a program, a driver and a case's inputs.
const MAX_JOB_BYTES: usize = 128 << 20;

#[derive(Parser)]
#[command(version, about = "Runs untrusted Python programs in WebAssembly")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Compile a guest's snapshot for this machine.
    Compile {
        #[arg(long)]
        wasm: PathBuf,
        #[arg(long)]
        out: PathBuf,
    },
    /// Serve jobs on standard input and output, as a grader's child.
    Serve {
        #[arg(long, env = "GRADIEN_GUEST")]
        guest: PathBuf,
    },
    /// Run one Python file, and a function of it without arguments, and print the outcome.
    Run {
        #[arg(long, env = "GRADIEN_GUEST")]
        guest: PathBuf,
        file: PathBuf,
        function: Option<String>,
        /// Run it so many times in fresh instances and print the median time.
        #[arg(long, default_value_t = 1)]
        times: usize,
        /// Print the whole outcome as JSON instead.
        #[arg(long, conflicts_with = "times")]
        json: bool,
    },
    /// Say which walls this machine gives.
    Probe {
        /// Lock this process and say what was obtained.
        #[arg(long, hide = true)]
        inside: bool,
    },
}

fn main() -> Result<()> {
    grow_stack()?;
    match Arguments::parse().command {
        Command::Compile { wasm, out } => Ok(compile(&wasm, &out)?),
        Command::Serve { guest } => serve(guest),
        Command::Run {
            guest,
            file,
            function,
            times,
            json,
        } => run(guest, file, function, times, json),
        Command::Probe { inside: true } => {
            let mut walls = isolate();
            walls.extend(apply(&Policy::Runner)?);
            for line in walls.lines() {
                println!("{line}");
            }
            Ok(())
        }
        Command::Probe { inside: false } => probe(),
    }
}

/// A locked process can write to no file, so another one does the printing.
fn probe() -> Result<()> {
    let inside = std::process::Command::new(std::env::current_exe()?)
        .args(["probe", "--inside"])
        .output()?;
    print!("{}", String::from_utf8_lossy(&inside.stdout));
    anyhow::ensure!(
        inside.status.success(),
        "the trial process ended with {}: {}",
        inside.status,
        String::from_utf8_lossy(&inside.stderr).trim()
    );
    Ok(())
}

/// The main thread's stack grows up to the limit of the moment, so raising it here is
/// enough: programs may use more than the usual 8 MiB.
fn grow_stack() -> Result<()> {
    let mut limit = getrlimit(Resource::Stack);
    let wanted = 2 * HOST_STACK_BYTES as u64;
    if limit.current.is_some_and(|current| current < wanted) {
        limit.current = Some(wanted);
        setrlimit(Resource::Stack, limit).context(
            "the stack cannot grow as far as programs may need (`ulimit -Hs` is too low)",
        )?;
    }
    Ok(())
}

fn serve(guest: PathBuf) -> Result<()> {
    close_inherited();
    let mut walls = isolate();
    let executor = Executor::new(Guest::load(&guest)?)?;
    walls.extend(apply(&Policy::Runner)?);
    let info = RunnerInfo {
        guest_hash: executor.guest_hash().to_owned(),
        sandbox_version: sandbox_version(),
        walls: walls.lines(),
    };
    let (mut input, mut output) = (stdin().lock(), stdout().lock());
    write_frame(&mut output, &info)?;
    loop {
        match read_frame::<Job>(&mut input, MAX_JOB_BYTES) {
            Ok(job) => {
                let outcomes = executor.run_all(&job);
                write_frame(&mut output, &outcomes)?;
                // What failed once is not trusted with another program.
                if let Some(detail) = outcomes.iter().find_map(Outcome::fault) {
                    bail!("ended after a fault: {detail}");
                }
            }
            Err(FrameError::Closed) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

fn run(
    guest: PathBuf,
    file: PathBuf,
    function: Option<String>,
    times: usize,
    json: bool,
) -> Result<()> {
    let source = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let executor = Executor::new(Guest::load(&guest)?)?;
    let job = Job {
        modules: vec![Module {
            name: "solution".into(),
            filename: "solution.py".into(),
            source,
        }],
        call: function.map(|function| Call {
            module: "solution".into(),
            function,
            args: vec![],
        }),
        seed: 0,
        limits: Limits::default(),
        again: Vec::new(),
    };
    if json {
        println!("{}", serde_json::to_string_pretty(&executor.run(&job))?);
        return Ok(());
    }
    let mut walls_us = Vec::new();
    for turn in 0..times.max(1) {
        let begun = std::time::Instant::now();
        let outcome = executor.run(&job);
        walls_us.push(begun.elapsed().as_micros());
        if turn == 0 {
            println!("{}{}", outcome.stdout_lossy(), outcome.stderr_lossy());
            println!("status  {:?}", outcome.status);
            for output in &outcome.outputs {
                println!(
                    "output  {:?} {} {:?}",
                    output.key, output.type_name, output.value
                );
            }
            println!("fuel    {}", outcome.fuel);
            println!("memory  {} KiB", outcome.peak_memory_bytes >> 10);
        }
    }
    walls_us.sort_unstable();
    println!(
        "time    {} µs, median of {}",
        walls_us[walls_us.len() / 2],
        walls_us.len()
    );
    Ok(())
}
