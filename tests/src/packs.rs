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

/// A copy of a shipped pack in `into`, under another name and with this text of its
/// manifest replaced: other files, so another problem.
///
/// # Panics
/// If that text is not there, or the copy cannot be made.
pub fn changed_copy(into: &Path, slug: &str, name: &str, text: (&str, &str)) -> PathBuf {
    let target = into.join(name);
    copy(&folder().join(slug), &target);
    let manifest = target.join("problem.toml");
    let before = std::fs::read_to_string(&manifest).expect("a manifest");
    assert!(before.contains(text.0), "{slug} has no {:?}", text.0);
    std::fs::write(&manifest, before.replacen(text.0, text.1, 1)).expect("a manifest");
    target
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(std::fs::copy(&path, &target).expect("a file")),
        }
    }
}

/// # Panics
/// If there is no such pack.
pub fn load(slug: &str) -> Pack {
    load_all()
        .into_iter()
        .find(|pack| pack.slug.as_str() == slug)
        .unwrap_or_else(|| panic!("no pack {slug}"))
}
