//! Uploaded files, as the server keeps them: one folder, each file named by the
//! SHA-256 of its content. Read whole, checked against the name, handed on as
//! bytes; nothing of them is parsed here.

use crate::GraderError;
use crate::temporary::temporary_folder;
use gradien_problems::protocol::Upload;
use gradien_problems::{BlobHash, Pack};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub struct Blobs {
    folder: PathBuf,
    /// Goes when this does.
    _temporary: Option<tempfile::TempDir>,
}

impl Blobs {
    pub fn new(folder: PathBuf) -> Blobs {
        Blobs {
            folder,
            _temporary: None,
        }
    }

    /// The files of a pack's example submissions.
    pub fn of_examples(pack: &Pack) -> Result<Blobs, GraderError> {
        let temporary = temporary_folder()?;
        Blobs::record_examples(pack, temporary.path())?;
        Ok(Blobs {
            folder: temporary.path().to_path_buf(),
            _temporary: Some(temporary),
        })
    }

    /// Puts the files of a pack's example submissions into a folder of blobs.
    pub fn record_examples(pack: &Pack, folder: &Path) -> Result<(), GraderError> {
        for example in &pack.submissions {
            let Some(upload) = example.submission.find_upload() else {
                continue;
            };
            let from = pack.folder.join("submissions").join(&example.path);
            let to = folder.join(upload.hash.as_str());
            fs::copy(&from, to).map_err(|source| GraderError::Store { path: from, source })?;
        }
        Ok(())
    }

    /// The bytes of an upload.
    ///
    /// # Errors
    /// [`GraderError::TooLarge`] beyond `max_bytes`; [`GraderError::Blob`] where it
    /// is not there or does not have its hash.
    pub fn read(&self, upload: &Upload, max_bytes: u64) -> Result<Vec<u8>, GraderError> {
        if upload.bytes > max_bytes {
            return Err(GraderError::TooLarge {
                bytes: usize::try_from(upload.bytes).unwrap_or(usize::MAX),
            });
        }
        let path = self.folder.join(upload.hash.as_str());
        let mut bytes = Vec::new();
        let read =
            File::open(&path).and_then(|file| file.take(max_bytes + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) if BlobHash::of(&bytes) == upload.hash => Ok(bytes),
            Ok(_) => Err(GraderError::Blob(upload.hash.clone())),
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                Err(GraderError::Blob(upload.hash.clone()))
            }
            Err(source) => Err(GraderError::Store { path, source }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_only_if_it_is_what_its_name_says() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(folder.path().to_path_buf());
        let hash = BlobHash::of(b"id,label\n");
        let upload = Upload {
            name: "a.csv".into(),
            hash: hash.clone(),
            bytes: 9,
        };
        assert!(matches!(
            blobs.read(&upload, 100),
            Err(GraderError::Blob(_))
        ));
        fs::write(folder.path().join(hash.as_str()), b"id,label\n").unwrap();
        assert_eq!(blobs.read(&upload, 100).unwrap(), b"id,label\n");
        assert!(matches!(
            blobs.read(&upload, 8),
            Err(GraderError::TooLarge { .. })
        ));
        fs::write(folder.path().join(hash.as_str()), b"id,label;").unwrap();
        assert!(matches!(
            blobs.read(&upload, 100),
            Err(GraderError::Blob(_))
        ));
    }
}
