//! Writes an archive's files into an empty folder. Runs in the locked child.

use super::plan::{PlannedFile, check_sizes, plan};
use gradien_problems::pack::archive::{
    ArchiveFault, ImportedPack, MAX_ARCHIVE_BYTES, MAX_ENTRY_BYTES,
};
use gradien_problems::{Pack, PackError, PackSlug};
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// A local file header, or the end of the directory of an empty archive.
const MAGICS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
const CHUNK_BYTES: usize = 64 << 10;

/// Why nothing was unpacked.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// The archive's doing.
    #[error("the archive is refused")]
    Refused(#[from] ArchiveFault),
    /// This machine's doing.
    #[error("{path}: cannot be read or written")]
    Machine { path: String, source: io::Error },
}

/// Unpacks into `folder`, which is empty, and loads what came out as a check.
///
/// `slug` names the pack; without it the archive's one folder does, and where it
/// has none, `archive_name`, the archive's own name without its ending.
pub fn unpack<R: Read + Seek>(
    mut zip: R,
    folder: &Path,
    slug: Option<&str>,
    archive_name: &str,
) -> Result<ImportedPack, UnpackError> {
    check_start(&mut zip)?;
    let mut archive = ZipArchive::new(zip).map_err(|error| ArchiveFault::Damaged {
        detail: error.to_string(),
    })?;
    let plan = plan(&mut archive)?;
    let name = slug.or(plan.root.as_deref()).unwrap_or(archive_name);
    let slug: PackSlug = name.parse().map_err(|_| ArchiveFault::Slug {
        name: gradien_problems::pack::archive::shown(name.as_bytes()),
    })?;
    let machine = |path: &str, source| UnpackError::Machine {
        path: path.to_owned(),
        source,
    };
    // In the order of their names, so that what is above comes first.
    for path in &plan.folders {
        fs::create_dir(folder.join(path)).map_err(|source| machine(path, source))?;
    }
    let mut bytes = 0;
    for file in &plan.files {
        bytes += write_file(&mut archive, file, folder, bytes)?;
    }
    let pack = Pack::load_as(folder, slug.as_str()).map_err(|error| pack_fault(&error, folder))?;
    Ok(ImportedPack {
        slug,
        hash: pack.hash,
        title: pack.title,
        kind: pack.kind.name().to_owned(),
        files: plan.files.len(),
        bytes,
        left_out: plan.left_out,
    })
}

fn check_start<R: Read + Seek>(zip: &mut R) -> Result<(), UnpackError> {
    let machine = |source| UnpackError::Machine {
        path: "the archive".into(),
        source,
    };
    let bytes = zip.seek(SeekFrom::End(0)).map_err(machine)?;
    if bytes > MAX_ARCHIVE_BYTES {
        return Err(ArchiveFault::ArchiveTooLarge { bytes }.into());
    }
    zip.rewind().map_err(machine)?;
    let mut start = Vec::new();
    zip.by_ref()
        .take(4)
        .read_to_end(&mut start)
        .map_err(machine)?;
    zip.rewind().map_err(machine)?;
    match MAGICS.contains(&start.as_slice()) {
        true => Ok(()),
        false => Err(ArchiveFault::NotAZip.into()),
    }
}

/// The number of bytes written. What the directory said of them is not believed.
fn write_file<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    file: &PlannedFile,
    folder: &Path,
    before: u64,
) -> Result<u64, UnpackError> {
    let damaged = |detail: String| ArchiveFault::EntryDamaged {
        entry: file.entry.clone(),
        detail,
    };
    let machine = |source| UnpackError::Machine {
        path: file.path.clone(),
        source,
    };
    let mut from = archive
        .by_index(file.index)
        .map_err(|error: ZipError| damaged(error.to_string()))?
        .take(MAX_ENTRY_BYTES + 1);
    let mut to = File::create_new(folder.join(&file.path)).map_err(machine)?;
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut written = 0;
    loop {
        let count = match from.read(&mut chunk) {
            Ok(0) => return Ok(written),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(damaged(error.to_string()).into()),
        };
        written += count as u64;
        check_sizes(
            &file.entry,
            written,
            file.compressed_bytes,
            before + written,
        )?;
        to.write_all(&chunk[..count]).map_err(machine)?;
    }
}

/// Without the folder's name, which is random and soon gone.
fn pack_fault(error: &PackError, folder: &Path) -> ArchiveFault {
    let mut detail = error.to_string();
    if let PackError::Unreadable { source, .. } = error {
        detail.push_str(&format!(": {source}"));
    }
    ArchiveFault::Pack {
        detail: detail
            .replace(&format!("{}/", folder.display()), "")
            .replace(&format!("{}: ", folder.display()), ""),
    }
}
