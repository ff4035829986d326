//! Where the binaries under test lie: in the folder that cargo builds into,
//! two levels above a test's own executable at most.

use std::path::PathBuf;

/// The path of `gradien`, `gradien-grader`, `gradien-runner` or `gradien-reference`.
///
/// # Panics
/// If it has not been built: cargo does not build other packages' binaries for
/// a test, so `cargo build --workspace` comes first (`cargo xtask test` does so).
pub fn path(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a test knows its own path");
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| {
            panic!("{name} is not built; `cargo xtask test` builds everything first")
        })
}

/// The compiled guest, named by `GRADIEN_GUEST`.
///
/// # Panics
/// If the variable is not set or names no file: without the guest nothing can
/// be judged, and a test that skipped this would say nothing.
pub fn guest() -> PathBuf {
    let path = PathBuf::from(std::env::var_os("GRADIEN_GUEST").unwrap_or_default());
    assert!(
        path.is_file(),
        "GRADIEN_GUEST names no file; use `cargo xtask test`, or `eval \"$(cargo xtask env)\"` first"
    );
    path
}
