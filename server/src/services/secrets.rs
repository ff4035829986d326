//! Keys that are made at the first start and kept in the data folder, readable
//! by its owner alone; and random tokens.

use super::{Result, ServiceError};
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Makes the data folder, for its owner alone: the database in it holds what
/// students hand in. One that is there already keeps the rights that it has.
pub fn create_data_folder(data: &Path) -> Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .map_err(|source| ServiceError::File {
            path: data.to_path_buf(),
            source,
        })
}

const KEY_BYTES: usize = 32;
pub type Key = [u8; KEY_BYTES];

/// The server's keys. Has no `Debug`, so that it cannot be logged.
pub struct Secrets {
    /// Signs access tokens.
    pub token_key: Key,
    /// Signs the tokens of forms.
    pub csrf_key: Key,
}

impl Secrets {
    /// Reads `<data>/secrets/*.key`, making what is not there yet.
    ///
    /// # Errors
    /// The folder cannot be written, or a key has another length: then it was
    /// damaged, and taking a new one would end every session unasked.
    pub fn load_or_create(data: &Path) -> Result<Secrets> {
        let folder = data.join("secrets");
        let at = |path: &Path| {
            let path = path.to_path_buf();
            move |source| ServiceError::File { path, source }
        };
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).map_err(at(&folder))?;
        let key = |name: &str| {
            let path = folder.join(name);
            load_or_create_key(&path).map_err(at(&path))
        };
        Ok(Secrets {
            token_key: key("access-tokens.key")?,
            csrf_key: key("forms.key")?,
        })
    }
}

/// A new key of its own for a version that is sealed, kept under this name.
///
/// # Errors
/// The folder cannot be written.
pub fn create_seal_key(data: &Path, name: &str) -> Result<Key> {
    let folder = data.join("secrets").join("seals");
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |source| ServiceError::File { path, source }
    };
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(&folder)
        .map_err(at(&folder))?;
    let path = folder.join(format!("{name}.key"));
    load_or_create_key(&path).map_err(at(&path))
}

fn load_or_create_key(path: &Path) -> std::io::Result<Key> {
    match OpenOptions::new().read(true).open(path) {
        Ok(mut file) => {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes)?;
            return bytes.try_into().map_err(|_| {
                std::io::Error::new(ErrorKind::InvalidData, "the key is damaged: not 32 bytes")
            });
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key).map_err(|error| std::io::Error::other(error.to_string()))?;
    // Written beside its place and moved there, so that a crash leaves no half key.
    let draft: PathBuf = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(&key)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    Ok(key)
}

/// 256 random bits in hexadecimal.
pub fn random_token() -> Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| ServiceError::internal(format!("no randomness: {error}")))?;
    Ok(hex::encode(bytes))
}

/// What is kept of a random token: enough to know it again, not to use it. A
/// token has 256 random bits, so no salt and no slow hash is needed.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_the_same_and_are_readable_by_their_owner_alone() {
        let data = tempfile::tempdir().unwrap();
        let first = Secrets::load_or_create(data.path()).unwrap();
        let second = Secrets::load_or_create(data.path()).unwrap();
        assert_eq!(first.token_key, second.token_key);
        assert_ne!(first.token_key, first.csrf_key);
        for name in ["access-tokens.key", "forms.key"] {
            let path = data.path().join("secrets").join(name);
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
        }
    }

    #[test]
    fn a_damaged_key_is_an_error_and_not_a_new_key() {
        let data = tempfile::tempdir().unwrap();
        Secrets::load_or_create(data.path()).unwrap();
        fs::write(data.path().join("secrets/forms.key"), b"short").unwrap();
        assert!(Secrets::load_or_create(data.path()).is_err());
    }
}
