//! The child that unpacks: it locks itself before it reads the archive.

use super::unpack::{UnpackError, unpack};
use crate::GraderError;
use gradien_problems::pack::archive::{ImportOutcome, MAX_ENTRY_BYTES};
use gradien_sandbox::lockdown::{Policy, apply, isolate};
use std::fs::File;
use std::io::{Write, stdin, stdout};
use std::os::fd::AsFd;
use std::path::Path;

/// Processor time that unpacking the largest archive needs many times over.
const CPU_S: u64 = 60;

/// Takes the archive on standard input, which must be a file, and prints an
/// [`ImportOutcome`] as JSON.
pub fn serve_unpack(
    folder: &Path,
    slug: Option<&str>,
    archive_name: &str,
) -> Result<(), GraderError> {
    let failed = |what: String| GraderError::Unpack(what);
    let zip = stdin().as_fd().try_clone_to_owned();
    let zip = File::from(zip.map_err(|error| failed(error.to_string()))?);
    isolate();
    apply(&Policy::Unpack {
        folder: folder.to_owned(),
        file_bytes: MAX_ENTRY_BYTES,
        cpu_s: CPU_S,
    })
    .map_err(|error| failed(error.to_string()))?;
    let outcome = match unpack(zip, folder, slug, archive_name) {
        Ok(imported) => ImportOutcome::Imported(imported),
        Err(UnpackError::Refused(fault)) => ImportOutcome::Refused(fault.into()),
        Err(UnpackError::Machine { path, source }) => {
            return Err(failed(format!("{path}: {source}")));
        }
    };
    let json = serde_json::to_vec(&outcome).map_err(|error| failed(error.to_string()))?;
    stdout()
        .write_all(&json)
        .map_err(|error| failed(error.to_string()))
}
