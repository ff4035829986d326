//! Keeps what was prepared: one file per pack version and format, named by both,
//! written whole or not at all. A file that does not match its checksum is made
//! again rather than believed.

use super::Prepared;
use crate::GraderError;
use gradien_problems::PackHash;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Raised when inputs are drawn or outputs kept in another way: what was kept
/// before is then not used.
const FORMAT: u32 = 3;

#[derive(Debug, Clone)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Makes the folder if it is not there.
    pub fn open(folder: &Path) -> Result<Store, GraderError> {
        let folder = folder.to_path_buf();
        fs::create_dir_all(&folder).map_err(|source| error(&folder, source))?;
        Ok(Store { folder })
    }

    fn path(&self, pack: &PackHash) -> PathBuf {
        self.folder.join(format!("{pack}.v{FORMAT}.prepared"))
    }

    pub fn find(&self, pack: &PackHash) -> Result<Option<Prepared>, GraderError> {
        let path = self.path(pack);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(error(&path, source)),
        };
        let Some((checksum, body)) = bytes.split_at_checked(32) else {
            return Ok(None);
        };
        if Sha256::digest(body)[..] != *checksum {
            tracing::warn!(path = %path.display(), "kept values are damaged; making them again");
            return Ok(None);
        }
        Ok(rmp_serde::from_slice(body).ok())
    }

    pub fn record(&self, pack: &PackHash, prepared: &Prepared) -> Result<(), GraderError> {
        let path = self.path(pack);
        let body = rmp_serde::to_vec_named(prepared)
            .map_err(|source| error(&path, io::Error::other(source)))?;
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            file.write_all(&Sha256::digest(&body))?;
            file.write_all(&body)?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|failed| failed.error)?;
            File::open(&self.folder)?.sync_all()
        };
        write().map_err(|source| error(&path, source))
    }

    /// Held shared while a program runs, exclusively where one must run alone.
    pub fn alone_lock(&self) -> Result<File, GraderError> {
        let path = self.folder.join("alone.lock");
        File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|source| error(&path, source))
    }
}

fn error(path: &Path, source: io::Error) -> GraderError {
    GraderError::Store {
        path: path.into(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::PreparedCase;
    use gradien_sandbox::array::Array;

    #[test]
    fn what_is_kept_comes_back_and_damage_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("prepared")).unwrap();
        let pack: PackHash = "a".repeat(64).parse().unwrap();
        assert_eq!(store.find(&pack).unwrap(), None);
        let case = PreparedCase {
            inputs: vec![],
            expected: vec![Array::scalar_f64(0.1)],
            steps: vec![],
        };
        let prepared = Prepared {
            device: "cpu".into(),
            subtasks: vec![vec![case]],
            samples: vec![],
            misconceptions: vec![],
            pairs: vec![],
            labels: None,
        };
        store.record(&pack, &prepared).unwrap();
        assert_eq!(store.find(&pack).unwrap(), Some(prepared));

        let path = store.path(&pack);
        let mut bytes = fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        fs::write(&path, &bytes).unwrap();
        assert_eq!(store.find(&pack).unwrap(), None);
        fs::write(&path, b"short").unwrap();
        assert_eq!(store.find(&pack).unwrap(), None);
    }
}
