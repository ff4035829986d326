//! A browser and its driver for the browser tests, without root and without touching
//! the system.
//!
//! In this order: what the search path has (`chromium` or `google-chrome`, together
//! with `chromedriver`); Debian's packages, unpacked into the cache with every library
//! that the machine lacks. Elsewhere there is none: Ubuntu's package is a snap, and
//! npm's builds of Chromium come without a driver. The browser tests then say that
//! they are skipped.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::{debian, process, progress};

/// Part of the key: bump to unpack anew.
const RECIPE: &str = "debian-1";

/// The fonts: text for what a page may name, and one with the table that MathML needs.
const PACKAGES: &[&str] = &[
    "chromium",
    "chromium-driver",
    "fonts-dejavu-core",
    "fonts-stix",
];

pub struct Chromium {
    /// For `GRADIEN_CHROMIUM`.
    pub browser: PathBuf,
    /// For `GRADIEN_CHROMEDRIVER`.
    pub driver: PathBuf,
}

/// The browser, or `None` and a line that says why where the machine cannot have one.
pub fn ensure(cache: &Cache) -> Result<Option<Chromium>> {
    if let Some(installed) = find_installed() {
        return Ok(Some(installed));
    }
    if cache.find_step("chromium", RECIPE).is_none() && debian::find_mirror().is_none() {
        progress::say(
            "note: no browser for the browser tests: this is no Debian. Install Chromium or \
             Chrome with its chromedriver so that both are on the search path",
        );
        return Ok(None);
    }
    let folder = cache.step("chromium", RECIPE, |dir| unpack(cache, dir))?;
    Ok(Some(Chromium {
        browser: folder.join("bin/chromium"),
        driver: folder.join("bin/chromedriver"),
    }))
}

fn find_installed() -> Option<Chromium> {
    let driver = process::find_program("chromedriver").filter(is_no_snap)?;
    let browser = ["chromium", "google-chrome", "google-chrome-stable"]
        .iter()
        .filter_map(|name| process::find_program(name))
        .find(is_no_snap)?;
    Some(Chromium { browser, driver })
}

/// A snap sees no file of ours, so it cannot use the profile folder of a test.
fn is_no_snap(program: &PathBuf) -> bool {
    !program.starts_with("/snap")
        && !fs::canonicalize(program).is_ok_and(|real| real.ends_with("usr/bin/snap"))
}

fn unpack(cache: &Cache, dir: &Path) -> Result<()> {
    let task = progress::task(
        "Chromium for the browser tests: fetching and unpacking",
        Duration::from_secs(40),
    );
    cache.require_free(1_000_000_000, "Chromium")?;
    let root = dir.join("root");
    let packages = debian::unpack_packages(cache, PACKAGES, &root)?;
    fs::write(dir.join("packages.txt"), packages.join("\n") + "\n")?;
    fs::write(dir.join("fonts.conf"), FONTS)?;
    fs::create_dir_all(dir.join("bin"))?;
    for (name, program) in [
        ("chromium", "usr/lib/chromium/chromium"),
        ("chromedriver", "usr/bin/chromedriver"),
    ] {
        let wrapper = dir.join("bin").join(name);
        if root.join(program).exists() {
            write_wrapper(&wrapper, program)?;
        } else {
            // The machine has one of the two, so apt did not bring it again.
            std::os::unix::fs::symlink(process::get_program(name)?, wrapper)?;
        }
    }
    for name in ["chromium", "chromedriver"] {
        // Tells now, not in the middle of a test, that a library is missing.
        process::output(Command::new(dir.join("bin").join(name)).arg("--version"))
            .with_context(|| format!("the unpacked {name} does not start"))?;
    }
    task.done();
    Ok(())
}

/// A launcher that knows its place only when it runs: the folder is renamed after this.
fn write_wrapper(path: &Path, program: &str) -> Result<()> {
    let machine = std::env::consts::ARCH;
    let script = format!(
        "#!/bin/sh\n\
         top=$(dirname \"$(dirname \"$(readlink -f \"$0\")\")\")\n\
         libraries=$top/root/usr/lib/{machine}-linux-gnu\n\
         export LD_LIBRARY_PATH=$libraries:$libraries/pulseaudio:$top/root/lib/{machine}-linux-gnu${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\n\
         export FONTCONFIG_FILE=$top/fonts.conf\n\
         exec \"$top/root/{program}\" \"$@\"\n"
    );
    fs::write(path, script).with_context(|| format!("cannot write {}", path.display()))?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    Ok(())
}

/// The unpacked fonts, and the machine's if there are any.
const FONTS: &str = r#"<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir prefix="relative">root/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"#;
