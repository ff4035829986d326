//! The reference process: compiles the TorchScript references of packs and runs
//! them, for a supervisor on the other end of stdin and stdout. With
//! `--serve model` it is the model process instead ([`model`]).
//!
//! Start order: new namespaces → tie the process's life to its parent's → keep
//! stdout for frames → load CUDA, if asked → configure libtorch → use everything
//! once → lock → say [`Hello`] → answer requests. Nothing of a pack is read before
//! the lock.
//!
//! [`Hello`]: gradien_grader::reference::Hello

mod batch;
mod evaluate;
mod ffi;
mod model;
mod node;
mod place;
mod runtime;
mod script;
mod serve;
mod source;
mod tensor;
mod value;
mod walls;

use clap::{Parser, ValueEnum};
use gradien_grader::reference::{Device, Hello};
use gradien_sandbox::{frame, lockdown};
use std::error::Error;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Compiles and runs the references of problem packs; started by gradien-grader.
#[derive(Parser)]
#[command(name = "gradien-reference", version)]
struct Options {
    /// What references may allocate, on the CPU.
    #[arg(long, default_value_t = 4 << 30)]
    memory_bytes: u64,
    /// What to do: the networks of students are run by a process of their own.
    #[arg(long, value_enum, default_value_t = Service::Reference)]
    serve: Service,
    /// libtorch_cuda.so, where CUDA is to be used.
    #[arg(long)]
    cuda_library: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Service {
    Reference,
    Model,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // stderr may be a full pipe that does not block; then the words are lost.
            let _ = writeln!(io::stderr(), "gradien-reference: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    // Namespaces want a process of one thread, which it may not stay.
    let mut walls = lockdown::isolate();
    // The lock sets it for good; until then takes a third of a second.
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    // Frames get a descriptor of their own; what libraries print to stdout goes
    // to stderr and cannot break a frame.
    let mut frames = File::from(rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?);
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;

    let mut cuda_absent = match &options.cuda_library {
        Some(library) => runtime::load_cuda(library).err(),
        None => None,
    };
    runtime::configure()?;
    let cuda_devices = runtime::cuda_devices();
    warm_up(options.serve, Device::Cpu)?;
    let mut cuda_library = None;
    if cuda_devices > 0 {
        warm_up(options.serve, Device::Cuda)?;
        cuda_library = options.cuda_library.as_deref();
    } else if options.cuda_library.is_some() && cuda_absent.is_none() {
        cuda_absent = Some("no CUDA device".into());
    }
    let resident_bytes = resident_bytes()?;
    if cuda_library.is_none() {
        walls::limit_memory(options.memory_bytes)?;
    }
    walls.extend(walls::raise(cuda_library)?);

    let hello = Hello {
        version: env!("CARGO_PKG_VERSION").into(),
        libtorch: runtime::LIBTORCH_VERSION.into(),
        cuda_devices,
        cuda_absent,
        walls: walls.lines(),
        resident_bytes,
    };
    frame::write_frame(&mut frames, &hello)?;
    let mut requests = BufReader::new(io::stdin().lock());
    match options.serve {
        Service::Reference => serve::serve(&mut requests, &mut frames)?,
        Service::Model => model::serve(&mut requests, &mut frames)?,
    }
    Ok(())
}

fn warm_up(service: Service, device: Device) -> Result<(), Box<dyn Error>> {
    runtime::warm_up(device)?;
    if service == Service::Model {
        model::warm_up(device)?;
    }
    Ok(())
}

/// Resident memory, from the second field of `/proc/self/statm` (pages).
fn resident_bytes() -> io::Result<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm
        .split_ascii_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .ok_or(io::ErrorKind::InvalidData)?;
    Ok(pages * rustix::param::page_size() as u64)
}
