//! Uploaded files: one folder, each file named by the SHA-256 of its content.
//!
//! A file is written beside its place under a random name, brought to the disk
//! and renamed: what stands under a hash is whole. The same content is kept once.
//! Nothing is parsed here; the grader hands the bytes to a locked process.

use super::{Result, ServiceError};
use gradien_problems::BlobHash;
use gradien_problems::protocol::{MAX_UPLOAD_NAME_CHARS, Upload};
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;

const UNFINISHED: &str = ".upload-";

#[derive(Debug, Clone)]
pub struct Blobs {
    folder: PathBuf,
    /// Held while a file is put in its place, or looked at to be removed.
    placing: Arc<Mutex<()>>,
}

impl Blobs {
    /// Makes the folder if it is new, and clears what an earlier process left
    /// unfinished.
    pub async fn open(folder: PathBuf) -> Result<Blobs> {
        let placing = Arc::default();
        let blobs = Blobs { folder, placing };
        let at = |source| failed(&blobs.folder, source);
        fs::create_dir_all(&blobs.folder).await.map_err(at)?;
        let mut entries = fs::read_dir(&blobs.folder).await.map_err(at)?;
        while let Some(entry) = entries.next_entry().await.map_err(at)? {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                fs::remove_file(entry.path()).await.map_err(at)?;
            }
        }
        Ok(blobs)
    }

    /// Begins to take a file of at most so many bytes.
    pub async fn begin(&self, max_bytes: u64) -> Result<Incoming> {
        let path = self
            .folder
            .join(format!("{UNFINISHED}{}", uuid::Uuid::new_v4().simple()));
        let file = File::create_new(&path)
            .await
            .map_err(|source| failed(&path, source))?;
        Ok(Incoming {
            folder: self.folder.clone(),
            placing: self.placing.clone(),
            path,
            file,
            hasher: Sha256::new(),
            bytes: 0,
            max_bytes,
            kept: false,
        })
    }

    /// The content of an upload.
    pub async fn read(&self, upload: &Upload) -> Result<Vec<u8>> {
        let path = self.folder.join(upload.hash.as_str());
        fs::read(&path)
            .await
            .map_err(|source| failed(&path, source))
    }
}

impl Blobs {
    /// Removes the files that nobody refers to and that have lain here since before
    /// `before_ms`: what came with a form that was refused afterwards. Gives their
    /// number.
    ///
    /// A file that is handed in again meanwhile is new again: its time is looked at
    /// while none can be put in its place.
    pub async fn remove_orphans(
        &self,
        referred: &HashSet<BlobHash>,
        before_ms: i64,
    ) -> Result<u64> {
        let at = |source| failed(&self.folder, source);
        let mut removed = 0;
        let mut entries = fs::read_dir(&self.folder).await.map_err(at)?;
        while let Some(entry) = entries.next_entry().await.map_err(at)? {
            let name = entry.file_name();
            let hash = name.to_str().and_then(|name| name.parse::<BlobHash>().ok());
            if hash.is_none_or(|hash| referred.contains(&hash)) {
                continue;
            }
            let path = entry.path();
            let _placing = self.placing.lock().await;
            let changed = fs::metadata(&path).await.and_then(|meta| meta.modified());
            let changed = changed.map_err(|source| failed(&path, source))?;
            if milliseconds(changed) < before_ms {
                fs::remove_file(&path)
                    .await
                    .map_err(|source| failed(&path, source))?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

fn milliseconds(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// A file that is coming in. Dropped before it is finished, it is gone.
pub struct Incoming {
    folder: PathBuf,
    placing: Arc<Mutex<()>>,
    path: PathBuf,
    file: File,
    hasher: Sha256,
    bytes: u64,
    max_bytes: u64,
    kept: bool,
}

impl Incoming {
    /// # Errors
    /// [`ServiceError::SourceTooLong`] as soon as it is too large.
    pub async fn write(&mut self, part: &[u8]) -> Result<()> {
        self.bytes += part.len() as u64;
        if self.bytes > self.max_bytes {
            return Err(ServiceError::SourceTooLong {
                limit_bytes: usize::try_from(self.max_bytes).unwrap_or(usize::MAX),
            });
        }
        self.hasher.update(part);
        self.file
            .write_all(part)
            .await
            .map_err(|source| failed(&self.path, source))
    }

    /// When this returns, the file is on the disk under its hash.
    ///
    /// # Errors
    /// [`ServiceError::SourceEmpty`] where nothing came.
    pub async fn finish(mut self, name: &str) -> Result<Upload> {
        if self.bytes == 0 {
            return Err(ServiceError::SourceEmpty);
        }
        let hash = BlobHash::from_digest(self.hasher.finalize_reset().into());
        let target = self.folder.join(hash.as_str());
        let stored = async {
            self.file.flush().await?;
            self.file.sync_all().await?;
            let _placing = self.placing.lock().await;
            fs::rename(&self.path, &target).await?;
            File::open(&self.folder).await?.sync_all().await
        };
        stored.await.map_err(|source| failed(&target, source))?;
        self.kept = true;
        Ok(Upload {
            name: shown_name(name),
            hash,
            bytes: self.bytes,
        })
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The last part of a name as a browser gives it, without control characters.
pub(super) fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '"' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .take(MAX_UPLOAD_NAME_CHARS)
        .collect();
    match name.trim() {
        "" => "upload".into(),
        name => name.to_owned(),
    }
}

fn failed(path: &Path, source: std::io::Error) -> ServiceError {
    ServiceError::File {
        path: path.to_path_buf(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_kept_once_whole_and_only_up_to_its_limit() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(".upload-old"), "half").unwrap();
        let blobs = Blobs::open(folder.path().to_path_buf()).await.unwrap();
        for _ in 0..2 {
            let mut incoming = blobs.begin(8).await.unwrap();
            incoming.write(b"id,").await.unwrap();
            incoming.write(b"label").await.unwrap();
            let upload = incoming.finish("C:\\data\\a\u{7}.csv").await.unwrap();
            assert_eq!((upload.name.as_str(), upload.bytes), ("a.csv", 8));
            assert_eq!(blobs.read(&upload).await.unwrap(), b"id,label");
        }
        let mut incoming = blobs.begin(8).await.unwrap();
        incoming.write(b"12345678").await.unwrap();
        let error = incoming.write(b"9").await.unwrap_err();
        assert!(matches!(
            error,
            ServiceError::SourceTooLong { limit_bytes: 8 }
        ));
        drop(incoming);
        let empty = blobs.begin(8).await.unwrap().finish("a").await;
        assert!(matches!(empty, Err(ServiceError::SourceEmpty)));
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1);
    }

    #[tokio::test]
    async fn old_files_that_nobody_refers_to_are_removed_and_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path().to_path_buf()).await.unwrap();
        let mut hashes = Vec::new();
        for content in ["kept by a submission", "forgotten by its form"] {
            let mut incoming = blobs.begin(100).await.unwrap();
            incoming.write(content.as_bytes()).await.unwrap();
            hashes.push(incoming.finish("a").await.unwrap().hash);
        }
        std::fs::write(folder.path().join("notes.txt"), "not a blob").unwrap();
        let unfinished = blobs.begin(100).await.unwrap();
        let referred = HashSet::from([hashes[0].clone()]);
        let now_ms = milliseconds(SystemTime::now());
        // Just now is not before a minute ago.
        let removed = blobs.remove_orphans(&referred, now_ms - 60_000).await;
        assert_eq!(removed.unwrap(), 0);
        let removed = blobs.remove_orphans(&referred, now_ms + 60_000).await;
        assert_eq!(removed.unwrap(), 1);
        let there = |name: &str| folder.path().join(name).exists();
        assert!(there(hashes[0].as_str()) && !there(hashes[1].as_str()));
        assert!(there("notes.txt") && unfinished.path.exists());
    }
}
