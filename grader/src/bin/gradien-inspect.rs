//! `gradien-inspect`: reads one foreign file for a grader, behind locks.
//!
//! Start order: close what is not its own → new namespaces → lock → say hello →
//! read. It has no options: what it reads comes through its standard input.

use gradien_grader::inspect::{Hello, serve};
use gradien_sandbox::lockdown::{self, Policy};
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // stderr may be a full pipe that does not block; then the words are lost.
            let _ = writeln!(io::stderr(), "gradien-inspect: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    lockdown::close_inherited();
    let mut walls = lockdown::isolate();
    walls.extend(lockdown::apply(&Policy::Inspect)?);
    let hello = Hello {
        version: env!("CARGO_PKG_VERSION").into(),
        walls: walls.lines(),
    };
    Ok(serve(
        &hello,
        &mut io::stdin().lock(),
        &mut io::stdout().lock(),
    )?)
}
