//! Whether a folder has changed, without reading its files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// More than any pack has; a folder with more is not looked through to its end.
const MAX_ENTRIES: usize = 5_000;

/// Every file below a folder, with when it was written and its length.
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<PathBuf, Option<(SystemTime, u64)>>);

impl Snapshot {
    /// What cannot be read is part of it as such: its coming back is a change.
    pub fn take(folder: &Path) -> Snapshot {
        let mut files = BTreeMap::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(current) = folders.pop() {
            let Ok(entries) = fs::read_dir(&current) else {
                files.insert(current, None);
                continue;
            };
            for entry in entries.flatten() {
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                let meta = entry.metadata().ok();
                let state = meta.and_then(|meta| Some((meta.modified().ok()?, meta.len())));
                files.insert(entry.path(), state);
                if is_folder {
                    folders.push(entry.path());
                }
            }
            if files.len() > MAX_ENTRIES {
                break;
            }
        }
        Snapshot(files)
    }
}
