//! The hash of a pack's content: every file below the folder, in the order of
//! their paths, each as length-prefixed path and content, so that no two
//! different folders feed the same bytes.

use super::error::PackError;
use crate::ids::PackHash;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

const MAX_FILES: usize = 2_000;
pub(super) const MAX_BYTES: u64 = 256 << 20;

/// Every file of the pack: path below the folder with `/`, and where it is.
pub fn list_files(folder: &Path) -> Result<Vec<(String, PathBuf)>, PackError> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(current) = folders.pop() {
        let unreadable = |source| PackError::Unreadable {
            file: current.clone(),
            source,
        };
        for entry in fs::read_dir(&current).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let path = entry.path();
            let kind = entry.file_type().map_err(unreadable)?;
            let refuse = |what: &str| PackError::Refused {
                file: path.clone(),
                what: what.into(),
            };
            if kind.is_dir() {
                folders.push(path);
                continue;
            }
            if !kind.is_file() {
                return Err(refuse(
                    "only files and folders may be in a pack, no links or devices",
                ));
            }
            let below = path
                .strip_prefix(folder)
                .map_err(|_| refuse("lies outside the pack"))?;
            let name = below
                .to_str()
                .ok_or_else(|| refuse("the file's name is not UTF-8"))?;
            files.push((name.to_owned(), path));
            if files.len() > MAX_FILES {
                let what = format!("the pack has more than {MAX_FILES} files");
                return Err(PackError::Refused {
                    file: folder.into(),
                    what,
                });
            }
        }
    }
    files.sort();
    Ok(files)
}

pub fn hash_folder(folder: &Path) -> Result<PackHash, PackError> {
    let mut hasher = Sha256::new();
    let mut total = 0u64;
    for (name, path) in list_files(folder)? {
        let content = fs::read(&path).map_err(|source| PackError::Unreadable {
            file: path.clone(),
            source,
        })?;
        total += content.len() as u64;
        if total > MAX_BYTES {
            let what = format!("the pack is larger than {} MiB", MAX_BYTES >> 20);
            return Err(PackError::Refused {
                file: folder.into(),
                what,
            });
        }
        for part in [name.as_bytes(), &content] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    let hex = hex::encode(hasher.finalize());
    Ok(hex
        .parse()
        .unwrap_or_else(|_| unreachable!("64 hexadecimal digits are a pack hash")))
}
