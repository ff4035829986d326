//! The packs that ship with the repository.

use gradien_problems::Pack;
use std::path::{Path, PathBuf};

/// The repository's root.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests lie in the repository")
        .to_path_buf()
}

pub fn folder() -> PathBuf {
    repository().join("problems/packs")
}

/// All packs in the order of their names.
///
/// # Panics
/// With the pack's own error if one does not load: a test cannot go on.
pub fn load_all() -> Vec<Pack> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("problems/packs is there")
        .map(|entry| entry.expect("an entry of problems/packs").path())
        .collect();
    folders.sort();
    folders
        .iter()
        .map(|folder| match Pack::load(folder) {
            Ok(pack) => pack,
            Err(error) => panic!("{}: {error}", folder.display()),
        })
        .collect()
}

/// # Panics
/// If there is no such pack.
pub fn load(slug: &str) -> Pack {
    load_all()
        .into_iter()
        .find(|pack| pack.slug.as_str() == slug)
        .unwrap_or_else(|| panic!("no pack {slug}"))
}
