//! A version as a zip: the same version gives the same bytes, so that two copies
//! can be told to be the same.
//!
//! The grader writes such archives too, for `pack export`. The two stay apart: the
//! server links no part of the grader, the vocabulary that both stand on has no archives,
//! and what is sent from here is only stored, so that serving a pack costs no
//! compression.

use super::Coaching;
use crate::services::sessions::Viewer;
use crate::services::{Result, ServiceError};
use gradien_problems::pack::list_files;
use gradien_problems::{PackHash, PackSlug};
use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

impl Coaching {
    /// The version's files, below a folder with the problem's name.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub async fn archive(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        hash: &PackHash,
    ) -> Result<Vec<u8>> {
        let (_, pack) = self.problems.get_version(viewer, slug, hash).await?;
        let name = slug.to_string();
        tokio::task::spawn_blocking(move || zip_folder(&pack.folder, &name))
            .await
            .map_err(|_| ServiceError::internal("writing an archive was broken off"))?
    }
}

fn zip_folder(folder: &Path, name: &str) -> Result<Vec<u8>> {
    let written = |error: &dyn std::fmt::Display| {
        ServiceError::internal(format!("an archive cannot be written: {error}"))
    };
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (file, path) in list_files(folder)? {
        let bytes = fs::read(&path).map_err(|source| ServiceError::File { path, source })?;
        writer
            .start_file(format!("{name}/{file}"), options)
            .map_err(|error| written(&error))?;
        writer.write_all(&bytes).map_err(|error| written(&error))?;
    }
    let archive = writer.finish().map_err(|error| written(&error))?;
    Ok(archive.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_folder_gives_the_same_bytes() {
        let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs/ch5-gru-cell");
        let one = zip_folder(&pack, "ch5-gru-cell").unwrap();
        assert_eq!(one, zip_folder(&pack, "ch5-gru-cell").unwrap());
        assert_eq!(&one[..4], b"PK\x03\x04");
        let named = b"ch5-gru-cell/problem.toml";
        assert!(one.windows(named.len()).any(|part| part == named));
    }
}
