//! Our own `wasi_snapshot_preview1`: enough for an interpreter to start and to
//! print, and nothing that reaches the machine.
//!
//! Standard output and error go to capped buffers. The clock stands still but for
//! a fixed step per question. Randomness is ChaCha8 from the job's seed. Files
//! exist only where [`Files`] are given — the snapshot tool hands in the standard
//! library — and are read-only. Every function that a guest imports and that is
//! not here answers "not supported".
//!
//! Guests pass pointers; every access goes through [`Memory::read`] or
//! [`Memory::write`] or a checked slice, and a bad pointer is answered with FAULT.

mod files;
mod memory;
mod rest;
mod streams;

pub(super) use memory::{charge_units, find_memory};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::Arc;
use streams::Sink;
use wasmtime::{ExternType, Linker, Module, Result, Val};

const MODULE: &str = "wasi_snapshot_preview1";

const SUCCESS: i32 = 0;
const BADF: i32 = 8;
const FAULT: i32 = 21;
const INVAL: i32 = 28;
const NOENT: i32 = 44;
const NOTSUP: i32 = 58;
const ROFS: i32 = 69;
const SPIPE: i32 = 70;

/// 1 July 2025, 00:00 UTC, in nanoseconds: when the clock starts.
const EPOCH_NS: u64 = 1_751_328_000_000_000_000;
/// Each question moves the clock on, so that a program that waits comes to an end.
const CLOCK_STEP_NS: u64 = 1_000;
const ROOT_FD: i32 = 3;
const FIRST_FILE_FD: i32 = 4;
const FILETYPE_CHARACTER_DEVICE: u8 = 2;
const FILETYPE_DIRECTORY: u8 = 3;
const FILETYPE_REGULAR: u8 = 4;
/// A path, or the number of buffers of one write, may not be larger.
const MAX_LIST: u32 = 4096;

/// The program wrote more than it may.
#[derive(Debug, thiserror::Error)]
#[error("output limit")]
pub struct OutputLimit;

/// The program ended itself.
#[derive(Debug, thiserror::Error)]
#[error("exit {0}")]
pub struct Exit(pub i32);

/// Read-only files, by absolute path.
pub type Files = Arc<Vec<(String, Vec<u8>)>>;

struct OpenFile {
    file: usize,
    position: u64,
}

/// The WASI side of one instance.
pub struct Wasi {
    pub stdout: Sink,
    pub stderr: Sink,
    clock_ns: u64,
    random: ChaCha8Rng,
    files: Files,
    open: Vec<Option<OpenFile>>,
}

impl Wasi {
    /// `output_bytes` holds for each of standard output and error.
    pub fn new(seed: u64, output_bytes: u64, files: Files) -> Wasi {
        let limit = usize::try_from(output_bytes).unwrap_or(usize::MAX);
        let sink = || Sink {
            limit,
            ..Sink::default()
        };
        Wasi {
            stdout: sink(),
            stderr: sink(),
            clock_ns: EPOCH_NS,
            random: ChaCha8Rng::seed_from_u64(seed),
            files,
            open: Vec::new(),
        }
    }

    /// Randomness begins anew.
    pub fn reseed(&mut self, seed: u64) {
        self.random = ChaCha8Rng::seed_from_u64(seed);
    }

    /// What was printed to standard output and error since it was last taken.
    pub fn take_output(&mut self) -> (Sink, Sink) {
        (self.stdout.take(), self.stderr.take())
    }

    fn sink(&mut self, fd: i32) -> Option<&mut Sink> {
        match fd {
            1 => Some(&mut self.stdout),
            2 => Some(&mut self.stderr),
            _ => None,
        }
    }

    fn find_open(&mut self, fd: i32) -> Option<&mut OpenFile> {
        let index = usize::try_from(fd.checked_sub(FIRST_FILE_FD)?).ok()?;
        self.open.get_mut(index)?.as_mut()
    }

    fn content(&self, file: usize) -> &[u8] {
        &self.files[file].1
    }

    fn find_file(&self, path: &[u8]) -> Option<usize> {
        let relative = path.strip_prefix(b"/").unwrap_or(path);
        self.files
            .iter()
            .position(|(name, _)| name.trim_start_matches('/').as_bytes() == relative)
    }

    /// Whether the path is a folder above some file.
    fn is_folder(&self, path: &[u8]) -> bool {
        let relative = String::from_utf8_lossy(path);
        let relative = relative.trim_matches('/');
        relative.is_empty()
            || relative == "."
            || self.files.iter().any(|(name, _)| {
                name.trim_start_matches('/')
                    .starts_with(&format!("{relative}/"))
            })
    }

    fn filetype(&mut self, fd: i32) -> Option<u8> {
        match fd {
            0..=2 => Some(FILETYPE_CHARACTER_DEVICE),
            ROOT_FD => Some(FILETYPE_DIRECTORY),
            _ => self.find_open(fd).map(|_| FILETYPE_REGULAR),
        }
    }
}

/// What a store must hold for the functions here.
pub trait HasWasi: 'static {
    fn wasi(&mut self) -> &mut Wasi;
}

/// Defines every WASI function that the module imports: those here, and "not
/// supported" for the rest.
pub fn define<T: HasWasi>(linker: &mut Linker<T>, module: &Module) -> Result<()> {
    streams::define(linker)?;
    files::define(linker)?;
    rest::define(linker)?;
    for import in module.imports() {
        let ExternType::Func(kind) = import.ty() else {
            continue;
        };
        if import.module() != MODULE || DEFINED.contains(&import.name()) {
            continue;
        }
        let answers_errno = kind.results().len() == 1;
        linker.func_new(MODULE, import.name(), kind, move |_, _, results| {
            if answers_errno {
                results[0] = Val::I32(NOTSUP);
            }
            Ok(())
        })?;
    }
    Ok(())
}

const DEFINED: [&str; 26] = [
    "fd_write",
    "fd_fdstat_get",
    "fd_filestat_get",
    "fd_seek",
    "fd_tell",
    "fd_read",
    "fd_pread",
    "fd_close",
    "fd_prestat_get",
    "fd_prestat_dir_name",
    "path_open",
    "path_filestat_get",
    "path_readlink",
    "path_create_directory",
    "path_unlink_file",
    "path_remove_directory",
    "args_get",
    "args_sizes_get",
    "environ_get",
    "environ_sizes_get",
    "clock_res_get",
    "clock_time_get",
    "random_get",
    "proc_exit",
    "sched_yield",
    "poll_oneoff",
];
