//! Pinned SHA-256 sums of everything that comes from outside.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

/// SHA-256 of a file, as 64 lower-case hex digits.
pub fn sha256_of(path: &Path) -> Result<String> {
    let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut hash = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        let read = file
            .read(&mut block)
            .with_context(|| format!("cannot read {}", path.display()))?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&block[..read]);
    }
}

/// Fails, and takes the file away, unless its sum is `sha256`: the next run then
/// fetches it again instead of tripping over it for ever.
pub fn require(path: &Path, sha256: &str) -> Result<()> {
    let found = sha256_of(path)?;
    if found == sha256 {
        return Ok(());
    }
    let _ = std::fs::remove_file(path);
    bail!(
        "{} has SHA-256 {found}, and {sha256} is pinned. It was damaged on the way or replaced at \
         its source; it was removed, so run the command again. If it happens twice, do not go on: \
         a proxy or mirror gives out another file",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_content_is_refused_and_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        std::fs::write(&path, "abc").unwrap();
        let right = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        require(&path, right).unwrap();
        let error = require(&path, &"0".repeat(64)).unwrap_err();
        assert!(
            error.to_string().contains("run the command again"),
            "{error}"
        );
        assert!(!path.exists());
    }
}
