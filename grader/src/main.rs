//! `gradien-grader`: the supervisor that a worker starts, and the commands for
//! those who write packs.

use clap::{Args, Parser, Subcommand};
use gradien_grader::GraderError;
use gradien_grader::archive::{ImportRequest, export, import, serve_unpack};
use gradien_grader::calibrate::{CalibrateCommand, calibrate_all};
use gradien_grader::children::ChildrenConfig;
use gradien_grader::new::{NewKind, NewTitle, new_pack, write_schemas};
use gradien_grader::prepare::Store;
use gradien_grader::reference::Device;
use gradien_grader::supervise::supervise;
use gradien_grader::verify::{VerifyCommand, device, list_packs, verify_all};
use gradien_problems::Language;
use gradien_problems::pack::archive::ImportOutcome;
use gradien_problems::pack::schema::schemas;
use std::io::{stdin, stdout};
use std::num::NonZero;
use std::path::{Path, PathBuf};
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
    /// The locked child of an import.
    #[command(hide = true)]
    Unpack {
        folder: PathBuf,
        #[arg(long)]
        slug: Option<String>,
        #[arg(long)]
        archive_name: String,
    },
    /// Commands for packs.
    #[command(
        subcommand,
        after_help = "`gradien pack preview FOLDER` shows a pack in the browser while it is written."
    )]
    Pack(PackCommand),
}

#[derive(Subcommand)]
enum PackCommand {
    /// Prove packs: texts, examples, misconceptions, tolerance, limits, answers that
    /// are none.
    Verify(VerifyArguments),
    /// Write limits of fuel that follow from the slowest accepted examples.
    Calibrate {
        #[command(flatten)]
        packs: Packs,
        /// Change nothing; fail where a limit does not follow.
        #[arg(long)]
        check: bool,
        /// The limit as a multiple of the slowest; the pack's own without it, else 10.
        #[arg(long, value_parser = clap::value_parser!(u32).range(2..=1000))]
        multiple: Option<u32>,
        #[command(flatten)]
        machine: Machine,
    },
    /// Write a complete small pack, to be changed into one's own.
    New {
        /// What students shall hand in.
        kind: NewKind,
        /// The pack's folder, which must not be there or be empty; its name is the
        /// pack's. `new-<kind>` without it.
        folder: Option<PathBuf>,
        /// The problem's name in Indonesian.
        #[arg(long)]
        title: Option<String>,
        /// The problem's name in English.
        #[arg(long)]
        title_en: Option<String>,
    },
    /// Print a JSON Schema, with which editors complete a pack's TOML.
    Schema {
        /// `problem` for problem.toml, `expected` for submissions/expected.toml.
        #[arg(default_value = "problem", value_parser = ["problem", "expected"])]
        of: String,
        /// Write both into this folder instead.
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
    /// Write a pack as a zip archive.
    Export {
        /// The pack's folder.
        folder: PathBuf,
        /// The archive; `<name>.zip` without it.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Take in a pack from a zip archive that may be anything.
    Import {
        archive: PathBuf,
        /// The folder in which the pack's folder shall lie.
        #[arg(long)]
        into: PathBuf,
        /// The pack's name, where it shall not be that of the archive's folder.
        #[arg(long)]
        slug: Option<String>,
        /// Take the place of a pack of the same name.
        #[arg(long)]
        replace: bool,
        /// Print the outcome as JSON, a refusal in both languages.
        #[arg(long)]
        json: bool,
        /// Of a refusal: `id` or `en`.
        #[arg(long, default_value = "en", value_parser = language)]
        language: Language,
    },
}

#[derive(Args)]
struct VerifyArguments {
    #[command(flatten)]
    packs: Packs,
    /// Print the proofs as JSON.
    #[arg(long)]
    json: bool,
    /// Devices that compute the right answers and must agree: `cpu,cuda`. The best
    /// that there is without it.
    #[arg(long, value_delimiter = ',', value_parser = device)]
    device: Vec<Device>,
    /// Packs that are proved at the same time; one for each processor without it.
    #[arg(long)]
    jobs: Option<NonZero<usize>>,
    /// Of what is told: `id` or `en`.
    #[arg(long, default_value = "en", value_parser = language)]
    language: Language,
    #[command(flatten)]
    machine: Machine,
}

#[derive(Args)]
struct Packs {
    /// The packs' folders.
    #[arg(required_unless_present = "all")]
    folders: Vec<PathBuf>,
    /// Every pack in this folder; problems/packs if none is named.
    #[arg(long, value_name = "DIR", num_args = 0..=1, default_missing_value = "problems/packs")]
    all: Option<PathBuf>,
}

impl Packs {
    /// Under their own names: `.` says nothing of a pack.
    fn list(&self) -> Result<Vec<PathBuf>, GraderError> {
        let mut folders = Vec::new();
        for folder in &self.folders {
            folders.push(folder.canonicalize().map_err(|source| GraderError::Store {
                path: folder.clone(),
                source,
            })?);
        }
        if let Some(all) = &self.all {
            folders.extend(list_packs(all)?);
        }
        Ok(folders)
    }
}

fn language(tag: &str) -> Result<Language, &'static str> {
    tag.parse().map_err(|()| "expected id or en")
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
        Ok(ChildrenConfig::beside(
            &current_program()?,
            self.guest,
            self.cuda_library,
        ))
    }
}

fn current_program() -> Result<PathBuf, GraderError> {
    std::env::current_exe().map_err(|source| GraderError::Store {
        path: "gradien-grader".into(),
        source,
    })
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
        Command::Unpack {
            folder,
            slug,
            archive_name,
        } => serve_unpack(&folder, slug.as_deref(), &archive_name).map(|()| true),
        Command::Pack(command) => pack(command),
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

fn pack(command: PackCommand) -> Result<bool, GraderError> {
    match command {
        PackCommand::Verify(arguments) => prove(arguments),
        PackCommand::Calibrate {
            packs,
            check,
            multiple,
            machine,
        } => {
            let command = CalibrateCommand {
                folders: packs.list()?,
                check,
                multiple,
            };
            calibrate_all(&command, &machine.children()?, &mut stdout())
        }
        PackCommand::New {
            kind,
            folder,
            title,
            title_en,
        } => {
            let folder = folder.unwrap_or_else(|| format!("new-{}", kind.name()).into());
            let title = NewTitle {
                id: title,
                en: title_en,
            };
            let pack = new_pack(kind, &folder, &title)?;
            println!("{} {}", pack.folder.display(), pack.hash);
            Ok(true)
        }
        PackCommand::Schema { of, into } => {
            match into {
                Some(folder) => write_schemas(&folder)?,
                None => {
                    let found = schemas().into_iter().find(|(name, _)| *name == of);
                    print!("{}", found.map(|(_, text)| text).unwrap_or_default());
                }
            }
            Ok(true)
        }
        PackCommand::Export { folder, output } => export_one(&folder, output),
        PackCommand::Import {
            archive,
            into,
            slug,
            replace,
            json,
            language,
        } => {
            let request = ImportRequest {
                archive: &archive,
                into: &into,
                slug: slug.as_deref(),
                replace,
                grader: current_program()?,
            };
            let outcome = import(&request)?;
            if json {
                let json = serde_json::to_string(&outcome);
                println!("{}", json.map_err(|e| GraderError::Unpack(e.to_string()))?);
            }
            match outcome {
                ImportOutcome::Imported(imported) => {
                    if !json {
                        let place = into.join(imported.slug.as_str());
                        println!("{} {}", place.display(), imported.hash);
                    }
                    Ok(true)
                }
                ImportOutcome::Refused(refusal) => {
                    if !json {
                        eprintln!("{}: {}", archive.display(), refusal.text.get(language));
                    }
                    Ok(false)
                }
            }
        }
    }
}

fn export_one(folder: &Path, output: Option<PathBuf>) -> Result<bool, GraderError> {
    // A name such as `.` says nothing of the pack.
    let folder = folder.canonicalize().map_err(|source| GraderError::Store {
        path: folder.to_owned(),
        source,
    })?;
    let name = folder.file_name().unwrap_or_default();
    let output = output.unwrap_or_else(|| Path::new(name).with_extension("zip"));
    let pack = export(&folder, &output)?;
    println!("{} {}", output.display(), pack.hash);
    Ok(true)
}

fn prove(arguments: VerifyArguments) -> Result<bool, GraderError> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let command = VerifyCommand {
        folders: arguments.packs.list()?,
        devices: arguments.device,
        jobs: arguments.jobs.map_or(cores, NonZero::get),
        json: arguments.json,
        language: arguments.language,
    };
    let config = arguments.machine.children()?;
    verify_all(&command, &config, &mut stdout().lock())
}
