//! A pack's folder as a zip archive: the same folder gives the same bytes.

use crate::GraderError;
use gradien_problems::Pack;
use gradien_problems::pack::list_files;
use std::fs::File;
use std::io::{self, Seek, Write};
use std::path::Path;
use tempfile::NamedTempFile;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Writes the pack in `folder` to the file `to`, which then is whole or as before.
///
/// # Errors
/// A pack that does not load is not exported: nobody could import it.
pub fn export(folder: &Path, to: &Path) -> Result<Pack, GraderError> {
    let pack = Pack::load(folder)?;
    let store = |source| GraderError::Store {
        path: to.to_owned(),
        source,
    };
    let beside = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut file = NamedTempFile::new_in(beside).map_err(store)?;
    write_archive(&pack, file.as_file_mut())?;
    file.persist(to).map_err(|error| store(error.error))?;
    Ok(pack)
}

/// The pack's files, in the order of their names and with one date, in a folder
/// that is named as the pack.
pub fn write_archive(pack: &Pack, to: &mut (impl Write + Seek)) -> Result<(), GraderError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::DEFAULT)
        .unix_permissions(0o644);
    let mut archive = ZipWriter::new(to);
    for (name, path) in list_files(&pack.folder)? {
        let store = |source| GraderError::Store {
            path: path.clone(),
            source,
        };
        archive
            .start_file(format!("{}/{name}", pack.slug), options)
            .map_err(|error| store(error.into()))?;
        let mut file = File::open(&path).map_err(store)?;
        io::copy(&mut file, &mut archive).map_err(store)?;
    }
    archive.finish().map_err(|error| GraderError::Store {
        path: pack.folder.clone(),
        source: error.into(),
    })?;
    Ok(())
}
