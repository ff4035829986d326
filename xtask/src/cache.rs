//! The cache: everything that set-up downloads or builds, outside the work tree and
//! shared between clones.
//!
//! Theory of operation. A *step* is a folder `<cache>/<name>/<key>/` that is either
//! whole or not there. The key names all that the content depends on (version,
//! checksums of recipes), so a folder is never updated, only joined by another one.
//! A step is built in `<cache>/build/<name>-<key>.partial/` and renamed into place,
//! with a stamp inside that is written last; the stamp is what makes it whole, so a
//! power cut between write and rename leaves nothing that looks finished. What must
//! know its final path while it is built uses [`Cache::step_in_place`], where the
//! stamp alone decides. One lock file per step keeps two clones from building the
//! same thing at once; the kernel drops it when its holder dies.

use std::env;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::progress;

/// Written last into a finished step.
const STAMP: &str = ".gradien-step";

/// Everything that set-up makes at the top of the cache.
const FOLDERS: &[&str] = &[
    "apt",
    "bench-numpy",
    "build",
    "cargo-deny",
    "chromium",
    "downloads",
    "guest",
    "libtorch",
    "locks",
    "logs",
    "node",
    "sklearn",
    "state",
    "web",
];

pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// `$GRADIEN_CACHE`, else `$XDG_CACHE_HOME/gradien`, else `~/.cache/gradien`.
    pub fn open() -> Result<Cache> {
        let place = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let root = if let Some(root) = place("GRADIEN_CACHE") {
            PathBuf::from(root)
        } else if let Some(base) = place("XDG_CACHE_HOME") {
            Path::new(&base).join("gradien")
        } else if let Some(home) = place("HOME") {
            Path::new(&home).join(".cache/gradien")
        } else {
            bail!("no place for the cache: set GRADIEN_CACHE to a folder with 8 GB free");
        };
        Cache::at(&root)
    }

    pub fn at(root: &Path) -> Result<Cache> {
        fs::create_dir_all(root).with_context(|| {
            format!(
                "cannot make the cache folder {}; set GRADIEN_CACHE to a folder you may write to",
                root.display()
            )
        })?;
        let root = root.canonicalize()?;
        for folder in ["build", "downloads", "locks", "logs"] {
            fs::create_dir_all(root.join(folder))
                .with_context(|| format!("cannot write to the cache {}", root.display()))?;
        }
        Ok(Cache { root })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn downloads(&self) -> PathBuf {
        self.root.join("downloads")
    }

    /// Where the output of the command called `name` is kept.
    pub fn log(&self, name: &str) -> PathBuf {
        self.root.join("logs").join(format!("{name}.log"))
    }

    /// A work folder that survives an interruption, for builds that can go on where
    /// they stopped (make, ninja). Remove it with [`Cache::remove_scratch`] when the
    /// step that needed it is whole.
    pub fn scratch(&self, name: &str, key: &str) -> Result<PathBuf> {
        let folder = self.root.join("build").join(flat(&format!("{name}-{key}")));
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(folder)
    }

    pub fn remove_scratch(&self, name: &str, key: &str) -> Result<()> {
        remove_tree(&self.root.join("build").join(flat(&format!("{name}-{key}"))))
    }

    /// Where the step stands, if it is whole.
    pub fn find_step(&self, name: &str, key: &str) -> Option<PathBuf> {
        let folder = self.root.join(name).join(key);
        let stamp = fs::read_to_string(folder.join(STAMP)).ok()?;
        (stamp == stamp_text(name, key)).then_some(folder)
    }

    /// The folder `<cache>/<name>/<key>`, built by `build` if it is not there yet.
    ///
    /// `build` gets an empty folder to fill; it is renamed into place when `build`
    /// returns `Ok` and thrown away otherwise. Safe against other clones: the second
    /// one waits and then finds it.
    pub fn step(
        &self,
        name: &str,
        key: &str,
        build: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        self.locked_step(name, key, |target| {
            let partial = self
                .root
                .join("build")
                .join(flat(&format!("{name}-{key}.partial")));
            remove_tree(&partial)?;
            create_dir(&partial)?;
            if let Err(error) = build(&partial) {
                // What is half done must not fill the disk; the first error counts.
                let _ = remove_tree(&partial);
                return Err(explain_full_disk(error, &self.root));
            }
            write_stamp(&partial, name, key)?;
            if let Some(parent) = target.parent() {
                create_dir(parent)?;
            }
            fs::rename(&partial, target)
                .with_context(|| format!("cannot put {} into place", target.display()))
        })
    }

    /// Like [`Cache::step`], but `build` works in the final folder, for things that
    /// remember their own path. Until the stamp is written nobody takes it as whole.
    pub fn step_in_place(
        &self,
        name: &str,
        key: &str,
        build: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        self.locked_step(name, key, |target| {
            create_dir(target)?;
            build(target).map_err(|error| explain_full_disk(error, &self.root))?;
            write_stamp(target, name, key)
        })
    }

    fn locked_step(
        &self,
        name: &str,
        key: &str,
        build: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<PathBuf> {
        if let Some(done) = self.find_step(name, key) {
            return Ok(done);
        }
        let _lock = self.lock(&flat(&format!("{name}-{key}")))?;
        if let Some(done) = self.find_step(name, key) {
            return Ok(done);
        }
        debug_assert!(
            FOLDERS.contains(&name.split('/').next().unwrap_or(name)) || cfg!(test),
            "{name} is not in the list of the cache's folders"
        );
        let target = self.root.join(name).join(key);
        // Left by an interrupted run or damaged by hand: no stamp, so not whole.
        remove_tree(&target)?;
        build(&target).with_context(|| format!("set-up step {name} {key} failed"))?;
        Ok(target)
    }

    /// Removes what set-up has put here, and nothing else: `GRADIEN_CACHE` may name a
    /// folder that has other things in it.
    pub fn clean(&self) -> Result<()> {
        for folder in FOLDERS {
            remove_tree(&self.root.join(folder))?;
        }
        Ok(())
    }

    /// Holds the lock called `name` until the returned file is dropped. Waits for
    /// another process that holds it, and says so.
    pub fn lock(&self, name: &str) -> Result<File> {
        let path = self.root.join("locks").join(format!("{name}.lock"));
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("cannot open the lock {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
        progress::say(&format!("waiting: another set-up is at work on {name}"));
        file.lock()
            .with_context(|| format!("cannot lock {}", path.display()))?;
        Ok(file)
    }

    /// Fails early, with advice, where less than `bytes` are free for `purpose`.
    pub fn require_free(&self, bytes: u64, purpose: &str) -> Result<()> {
        let free = free_bytes(&self.root)?;
        if free < bytes {
            bail!(
                "{purpose} needs {} on the disk of {}, and {} are free; make room, or set \
                 GRADIEN_CACHE to a folder on a larger disk",
                gigabytes(bytes),
                self.root.display(),
                gigabytes(free)
            );
        }
        Ok(())
    }
}

/// Bytes that this user may still write on the disk that holds `path`.
pub fn free_bytes(path: &Path) -> Result<u64> {
    let stat = rustix::fs::statvfs(path)
        .with_context(|| format!("cannot ask how full the disk of {} is", path.display()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// A short key from everything that a step depends on: 16 hex digits of SHA-256 over
/// the parts, each preceded by its length so that no two lists collide.
pub fn key_of<T: AsRef<[u8]>>(parts: impl IntoIterator<Item = T>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        let part = part.as_ref();
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hex::encode(&hash.finalize()[..8])
}

/// Removes a folder and all in it; one that is not there is fine.
pub fn remove_tree(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot remove {}", folder.display())),
    }
}

fn create_dir(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))
}

fn stamp_text(name: &str, key: &str) -> String {
    format!("{name} {key}\n")
}

fn write_stamp(folder: &Path, name: &str, key: &str) -> Result<()> {
    let path = folder.join(STAMP);
    fs::write(&path, stamp_text(name, key))
        .with_context(|| format!("cannot write {}", path.display()))?;
    // The stamp must not reach the disk before what it vouches for.
    let file = File::open(&path)?;
    rustix::fs::syncfs(&file).with_context(|| format!("cannot flush {}", folder.display()))
}

/// Step names may have slashes; file names may not.
fn flat(name: &str) -> String {
    name.replace('/', "-")
}

fn gigabytes(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}

/// A full disk shows as an I/O error here and as a line in a child's log there; both
/// get the same advice.
fn explain_full_disk(error: anyhow::Error, root: &Path) -> anyhow::Error {
    let full = error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|io| io.kind() == std::io::ErrorKind::StorageFull)
            || cause.to_string().contains("No space left on device")
    });
    if !full {
        return error;
    }
    error.context(format!(
        "the disk of {} is full; make room, or set GRADIEN_CACHE to a folder on a larger disk, \
         and run the same command again: it goes on from here",
        root.display()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh() -> (tempfile::TempDir, Cache) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        (folder, cache)
    }

    #[test]
    fn a_step_is_built_once() {
        let (_folder, cache) = fresh();
        let first = cache
            .step("a/b", "k1", |dir| Ok(fs::write(dir.join("x"), "1")?))
            .unwrap();
        let again = cache.step("a/b", "k1", |_| bail!("built twice")).unwrap();
        assert_eq!(first, again);
        assert_eq!(fs::read_to_string(again.join("x")).unwrap(), "1");
        assert!(cache.find_step("a/b", "k2").is_none());
    }

    #[test]
    fn a_failed_step_leaves_nothing_and_can_be_tried_again() {
        let (_folder, cache) = fresh();
        let error = cache
            .step("s", "k", |dir| {
                fs::write(dir.join("half"), "")?;
                bail!("no luck")
            })
            .unwrap_err();
        assert!(format!("{error:#}").contains("no luck"));
        assert!(cache.find_step("s", "k").is_none());
        let done = cache.step("s", "k", |_| Ok(())).unwrap();
        assert!(!done.join("half").exists());
    }

    #[test]
    fn a_folder_without_its_stamp_is_built_anew() {
        let (_folder, cache) = fresh();
        let half = cache.root().join("s/k");
        fs::create_dir_all(&half).unwrap();
        fs::write(half.join("half"), "").unwrap();
        assert!(cache.find_step("s", "k").is_none());
        let done = cache.step_in_place("s", "k", |_| Ok(())).unwrap();
        assert!(!done.join("half").exists());
        assert!(cache.find_step("s", "k").is_some());
    }

    #[test]
    fn two_builders_build_once() {
        let (_folder, cache) = fresh();
        let built = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    cache
                        .step("s", "k", |_| {
                            std::thread::sleep(std::time::Duration::from_millis(50));
                            built.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                            Ok(())
                        })
                        .unwrap()
                });
            }
        });
        assert_eq!(built.into_inner(), 1);
    }

    #[test]
    fn too_little_room_is_told_before_the_work() {
        let (_folder, cache) = fresh();
        let error = cache.require_free(u64::MAX, "libtorch").unwrap_err();
        assert!(error.to_string().contains("GRADIEN_CACHE"), "{error}");
        cache.require_free(1, "libtorch").unwrap();
    }

    #[test]
    fn cleaning_leaves_what_is_not_ours() {
        let (folder, cache) = fresh();
        cache.step("web", "k", |_| Ok(())).unwrap();
        fs::write(folder.path().join("mine"), "").unwrap();
        cache.clean().unwrap();
        assert!(cache.find_step("web", "k").is_none());
        assert!(folder.path().join("mine").exists());
    }

    #[test]
    fn a_full_disk_in_a_childs_log_gets_advice() {
        let (_folder, cache) = fresh();
        let error = cache
            .step("s", "k", |_| {
                bail!("ld: write failed: No space left on device")
            })
            .unwrap_err();
        assert!(format!("{error:#}").contains("make room"), "{error:#}");
    }

    #[test]
    fn keys_tell_lists_apart() {
        assert_ne!(key_of(["ab", "c"]), key_of(["a", "bc"]));
        assert_eq!(key_of(["ab", "c"]).len(), 16);
    }
}
