//! An upload that is coming in.

use super::{State, Uploads};
use crate::db;
use crate::db::entity::upload::Model;
use crate::ids::UploadId;
use crate::services::blobs::shown_name;
use crate::services::sessions::Viewer;
use crate::services::{Result, ServiceError, visibility};
use gradien_problems::PackSlug;
use gradien_problems::pack::archive::MAX_ARCHIVE_BYTES;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;

/// Of the name of a file of ours.
const MAX_STEM_CHARS: usize = 60;

/// Dropped before it is finished, it is gone.
pub struct Receiving {
    uploads: Uploads,
    viewer: Viewer,
    id: UploadId,
    folder: PathBuf,
    path: PathBuf,
    file: File,
    file_name: String,
    bytes: u64,
    kept: bool,
}

impl Uploads {
    /// Begins to take an archive whose file has this name at the coach's.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::TooManyUploads`].
    pub async fn receive(&self, viewer: &Viewer, file_name: &str) -> Result<Receiving> {
        visibility::require_coach(viewer)?;
        self.check_room(self.db.read(), viewer).await?;
        let id = UploadId::random();
        let folder = self.folder(id);
        let at = |path: &Path| {
            let path = path.to_path_buf();
            move |source| ServiceError::File { path, source }
        };
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(at(&folder))?;
        let file_name = shown_name(file_name);
        let path = folder.join(format!("{}.zip", stem(&file_name)));
        let file = File::create_new(&path).await;
        let file = file.map_err(|source| {
            let _ = std::fs::remove_dir_all(&folder);
            at(&path)(source)
        })?;
        Ok(Receiving {
            uploads: self.clone(),
            viewer: viewer.clone(),
            id,
            folder,
            path,
            file,
            file_name,
            bytes: 0,
            kept: false,
        })
    }
}

impl Receiving {
    /// # Errors
    /// [`ServiceError::PackTooLarge`] as soon as it is too large.
    pub async fn write(&mut self, part: &[u8]) -> Result<()> {
        self.bytes += part.len() as u64;
        if self.bytes > MAX_ARCHIVE_BYTES {
            return Err(ServiceError::PackTooLarge {
                limit_bytes: MAX_ARCHIVE_BYTES,
            });
        }
        let written = self.file.write_all(part).await;
        written.map_err(|source| ServiceError::File {
            path: self.path.clone(),
            source,
        })
    }

    /// The archive is here: notes it, and begins to unpack it. `wanted` is the
    /// problem that it shall be a version of.
    ///
    /// # Errors
    /// [`ServiceError::SourceEmpty`], [`ServiceError::TooManyUploads`].
    pub async fn finish(mut self, wanted: Option<&PackSlug>) -> Result<UploadId> {
        if self.bytes == 0 {
            return Err(ServiceError::SourceEmpty);
        }
        let stored = async {
            self.file.flush().await?;
            self.file.sync_all().await
        };
        stored.await.map_err(|source| ServiceError::File {
            path: self.path.clone(),
            source,
        })?;
        let uploads = &self.uploads;
        let row = Model {
            id: self.id.to_string(),
            author_id: self.viewer.user.id.to_string(),
            file_name: self.file_name.clone(),
            bytes: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            wanted_slug: wanted.map(ToString::to_string),
            created_at_ms: uploads.clock.now_ms(),
            state: State::Unpacking.name().into(),
            ended_at_ms: None,
            slug: None,
            pack_hash: None,
            refusal_json: None,
            proof_json: None,
            incident: None,
            sealed: 0,
        };
        let txn = uploads.db.begin_write().await?;
        uploads.check_room(&*txn, &self.viewer).await?;
        db::uploads::create(&*txn, row).await?;
        txn.commit().await?;
        self.kept = true;
        tracing::info!(id = %self.id, bytes = self.bytes, by = %self.viewer.user.id, "a pack was uploaded");
        uploads.begin(&self.viewer, self.id);
        Ok(self.id)
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// What a name without a folder in the archive is made of: letters, digits and
/// hyphens of the file's name. Whether it names a problem is for the grader to say.
fn stem(file_name: &str) -> String {
    let stem = file_name.strip_suffix(".zip").unwrap_or(file_name);
    let plain = |c: char| match c {
        'a'..='z' | '0'..='9' | '-' => c,
        _ => '_',
    };
    let stem: String = stem.chars().map(plain).take(MAX_STEM_CHARS).collect();
    match stem.as_str() {
        "" => "_".into(),
        _ => stem,
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn a_strangers_name_is_no_path() {
        assert_eq!(stem("ch5-gru-cell.zip"), "ch5-gru-cell");
        assert_eq!(stem("../../etc/passwd"), "______etc_passwd");
        assert_eq!(stem("Soal (1).ZIP"), "_oal__1_____");
        assert_eq!(stem(".zip"), "_");
        assert_eq!(stem(&"a".repeat(300)).len(), 60);
    }
}
