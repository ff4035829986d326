//! The folders of packs.

use crate::services::{Result, ServiceError};
use gradien_problems::pack::MANIFEST_FILE;
use std::fs;
use std::path::{Path, PathBuf};

/// The pack in this folder, or every pack in the folders below it, by name.
pub fn pack_folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let at = |source| ServiceError::File {
        path: folder.to_path_buf(),
        source,
    };
    // A pack's name is its folder's, which `.` does not say.
    let folder = &folder.canonicalize().map_err(at)?;
    if folder.join(MANIFEST_FILE).is_file() {
        return Ok(vec![folder.clone()]);
    }
    let mut folders = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.join(MANIFEST_FILE).is_file() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// Copies files and folders; a pack that loaded has nothing else in it.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let at = |path: &Path| {
        let path = path.to_path_buf();
        move |source| ServiceError::File { path, source }
    };
    fs::create_dir_all(to).map_err(at(to))?;
    for entry in fs::read_dir(from).map_err(at(from))? {
        let entry = entry.map_err(at(from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().map_err(at(&path))?.is_dir() {
            copy_folder(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(at(&path))?;
            fs::File::open(&target)
                .and_then(|file| file.sync_all())
                .map_err(at(&target))?;
        }
    }
    Ok(())
}
