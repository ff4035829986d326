//! `gradien-grader`: the supervisor that a worker starts, and the commands for
//! those who write packs.

use clap::{Args, Parser, Subcommand};
use gradien_grader::GraderError;
use gradien_grader::children::{Children, ChildrenConfig};
use gradien_grader::prepare::Store;
use gradien_grader::supervise::supervise;
use gradien_grader::verify::verify;
use std::io::{stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about = "Judges submissions against problem packs")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a worker on standard input and output.
    Supervise {
        /// Where expected values are kept, by pack version.
        #[arg(long)]
        store: PathBuf,
        #[command(flatten)]
        machine: Machine,
    },
    /// Commands for packs.
    #[command(subcommand)]
    Pack(PackCommand),
}

#[derive(Subcommand)]
enum PackCommand {
    /// Judge every example submission and say which did not get its verdict.
    Verify {
        /// The packs' folders.
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        #[command(flatten)]
        machine: Machine,
    },
}

#[derive(Args)]
struct Machine {
    /// The guest image, compiled for this machine.
    #[arg(long, env = "GRADIEN_GUEST")]
    guest: PathBuf,
    /// `libtorch_cuda.so`, to compute expected values on a GPU.
    #[arg(long, env = "GRADIEN_CUDA_LIBRARY")]
    cuda_library: Option<PathBuf>,
}

impl Machine {
    fn children(self) -> Result<ChildrenConfig, GraderError> {
        let executable = std::env::current_exe().map_err(|source| GraderError::Store {
            path: "gradien-grader".into(),
            source,
        })?;
        Ok(ChildrenConfig::beside(
            &executable,
            self.guest,
            self.cuda_library,
        ))
    }
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            EnvFilter::try_from_env("GRADIEN_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .init();
    let done = match Arguments::parse().command {
        Command::Supervise { store, machine } => serve(store, machine).map(|()| true),
        Command::Pack(PackCommand::Verify { folders, machine }) => verify_all(&folders, machine),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{}", error.chain());
            ExitCode::FAILURE
        }
    }
}

fn serve(store: PathBuf, machine: Machine) -> Result<(), GraderError> {
    let store = Store::open(&store)?;
    supervise(
        machine.children()?,
        store,
        &mut stdin().lock(),
        &mut stdout().lock(),
    )
}

fn verify_all(folders: &[PathBuf], machine: Machine) -> Result<bool, GraderError> {
    // What is being written must not be believed from an earlier try.
    let folder = tempfile::tempdir().map_err(|source| GraderError::Store {
        path: std::env::temp_dir(),
        source,
    })?;
    let mut children = Children::start(machine.children()?, Store::open(folder.path())?)?;
    let mut all = true;
    for folder in folders {
        all &= match verify(folder, &mut children, &mut stdout()) {
            Ok(proved) => proved,
            Err(error) => {
                eprintln!("{}: {}", folder.display(), error.chain());
                false
            }
        };
    }
    Ok(all)
}
