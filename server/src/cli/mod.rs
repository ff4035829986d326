//! The command line.

mod doctor;
mod pack;
mod preview;
mod serve;
mod user;

use crate::config::{Config, DataConfig};
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Practice platform with automatic grading for AI olympiads
#[derive(Parser)]
#[command(name = "gradien", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and judge what is submitted
    Serve(Box<Config>),
    /// Make and change accounts
    User {
        #[command(flatten)]
        data: DataConfig,
        #[command(subcommand)]
        action: user::Action,
    },
    /// Say what is missing on this machine
    Doctor(Box<Config>),
    /// Make, check and preview problem packs; all but `preview` is handed on to
    /// gradien-grader
    #[command(disable_help_flag = true)]
    Pack {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<std::ffi::OsString>,
    },
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Serve(config) => serve::serve(*config),
        Command::User { data, action } => user::act(&data, action),
        Command::Doctor(config) => doctor::examine(&config),
        Command::Pack { arguments } => match arguments.split_first() {
            Some((first, _)) if first == "preview" => preview::preview(&arguments),
            _ => pack::hand_on(&arguments),
        },
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("gradien: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// A runtime for a command that is done in a moment.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// Logs to standard error; `RUST_LOG` chooses what.
fn start_log(default: &str) {
    use std::io::IsTerminal;
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
}
