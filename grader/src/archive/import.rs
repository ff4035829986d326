//! The parent's side of an import: a folder for the child, and the move at the end.

use crate::GraderError;
use gradien_problems::pack::archive::{
    ArchiveFault, ImportOutcome, ImportedPack, MAX_ARCHIVE_BYTES,
};
use gradien_sandbox::deadline::Deadlined;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::process::Signal;
use std::fs::{self, File, Permissions};
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// More than an outcome can have: names are cut, entries are counted.
const MAX_OUTCOME_BYTES: u64 = 4 << 20;
const MAX_STDERR_BYTES: usize = 4 << 10;
/// A child that sleeps uses no processor time; this ends it too.
const MAX_WALL: Duration = Duration::from_secs(120);

pub struct ImportRequest<'a> {
    pub archive: &'a Path,
    /// The folder in which the pack's folder shall lie; made if it is not there.
    pub into: &'a Path,
    /// The pack's name; absent: the archive's one folder, or else its own name.
    pub slug: Option<&'a str>,
    /// Take the place of a pack of the same name.
    pub replace: bool,
    /// This program.
    pub grader: PathBuf,
}

/// Unpacks a zip archive that nobody vouches for.
///
/// # Errors
/// Only faults of this machine; those of the archive are
/// [`ImportOutcome::Refused`], and then nothing is left behind.
pub fn import(request: &ImportRequest<'_>) -> Result<ImportOutcome, GraderError> {
    let store = |path: &Path| {
        let path = path.to_owned();
        |source| GraderError::Store { path, source }
    };
    let zip = File::open(request.archive).map_err(store(request.archive))?;
    let bytes = zip.metadata().map_err(store(request.archive))?.len();
    if bytes > MAX_ARCHIVE_BYTES {
        let fault = ArchiveFault::ArchiveTooLarge { bytes };
        return Ok(ImportOutcome::Refused(fault.into()));
    }
    fs::create_dir_all(request.into).map_err(store(request.into))?;
    // The locked child knows it by its whole path.
    let into = fs::canonicalize(request.into).map_err(store(request.into))?;
    let temporary = tempfile::Builder::new()
        .prefix(".unpack-")
        .tempdir_in(&into)
        .map_err(store(&into))?;
    let outcome = run_child(request, zip, temporary.path())?;
    let ImportOutcome::Imported(imported) = outcome else {
        return Ok(outcome);
    };
    let readable = Permissions::from_mode(0o755);
    fs::set_permissions(temporary.path(), readable).map_err(store(temporary.path()))?;
    let place = into.join(imported.slug.as_str());
    install(temporary, &place, request.replace, imported).map_err(store(&place))
}

/// Moves the folder to its place, or exchanges the two, in one step.
fn install(
    temporary: TempDir,
    place: &Path,
    replace: bool,
    imported: ImportedPack,
) -> io::Result<ImportOutcome> {
    match renameat_with(CWD, temporary.path(), CWD, place, RenameFlags::NOREPLACE) {
        Ok(()) => {
            // It has another name now; there is nothing to remove.
            let _moved = temporary.keep();
            Ok(ImportOutcome::Imported(imported))
        }
        // What was there is under the temporary name then, and goes with it.
        Err(Errno::EXIST) if replace => {
            renameat_with(CWD, temporary.path(), CWD, place, RenameFlags::EXCHANGE)?;
            temporary.close()?;
            Ok(ImportOutcome::Imported(imported))
        }
        Err(Errno::EXIST) => {
            let slug = imported.slug;
            Ok(ImportOutcome::Refused(ArchiveFault::Exists { slug }.into()))
        }
        Err(error) => Err(error.into()),
    }
}

fn run_child(
    request: &ImportRequest<'_>,
    zip: File,
    folder: &Path,
) -> Result<ImportOutcome, GraderError> {
    let failed = |error: io::Error| GraderError::Unpack(error.to_string());
    let name = request.archive.file_stem().unwrap_or_default();
    // A full pipe loses the words, not the process.
    let (mut stderr, stderr_end) = io::pipe().map_err(failed)?;
    for end in [stderr.as_fd(), stderr_end.as_fd()] {
        ioctl_fionbio(end, true).map_err(|error| failed(error.into()))?;
    }
    let mut command = Command::new(&request.grader);
    command
        .env_clear()
        .arg("unpack")
        .arg(folder)
        .arg("--archive-name")
        .arg(name.to_string_lossy().as_ref())
        .stdin(zip)
        .stdout(Stdio::piped())
        .stderr(stderr_end);
    if let Some(slug) = request.slug {
        command.arg("--slug").arg(slug);
    }
    let mut child = command.spawn().map_err(failed)?;
    // It holds our copy of the writing end.
    drop(command);
    let mut outcome = Vec::new();
    let read = child.stdout.take().map_or(Ok(0), |mut out| {
        let until = Instant::now() + MAX_WALL;
        let mut out = Deadlined {
            pipe: &mut out,
            until,
        };
        out.by_ref()
            .take(MAX_OUTCOME_BYTES)
            .read_to_end(&mut outcome)
    });
    if read.is_err() {
        child.kill().map_err(failed)?;
    }
    let status = child.wait().map_err(failed)?;
    if is_exhausted(status) {
        return Ok(ImportOutcome::Refused(ArchiveFault::TooCostly.into()));
    }
    read.map_err(failed)?;
    if !status.success() {
        let mut words = [0; MAX_STDERR_BYTES];
        let count = stderr.read(&mut words).unwrap_or(0);
        let words = String::from_utf8_lossy(&words[..count]);
        return Err(GraderError::Unpack(format!("{status}: {}", words.trim())));
    }
    serde_json::from_slice(&outcome).map_err(|error| GraderError::Unpack(error.to_string()))
}

/// Ended by a limit on time, or by an allocation that failed.
fn is_exhausted(status: ExitStatus) -> bool {
    let signals = [Signal::KILL, Signal::XCPU, Signal::ABORT];
    signals
        .iter()
        .any(|signal| status.signal() == Some(signal.as_raw()))
}
