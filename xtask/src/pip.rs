//! Wheels and source archives from the Python package index, by the machine's own pip:
//! it knows the mirror, the proxy and the certificates of the place.
//!
//! Pip's configuration may have anything in it, so each call states what must not
//! depend on it: no installing, no virtual environment demanded, no dependency taken,
//! no file accepted but the pinned one. Where to fetch from is left to the machine.

use std::fs;
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cache::{self, Cache};
use crate::{checksum, process};

/// One file of the index: what is asked for and what must come.
#[derive(Clone, Copy)]
pub struct Pin {
    pub name: &'static str,
    pub version: &'static str,
    /// The file's name at the index, as `torch-2.11.0-cp312-cp312-manylinux_2_28_x86_64.whl`.
    /// For a wheel, the tags in it say which one is taken: not the one for this
    /// machine's Python.
    pub file: &'static str,
    /// 64 hex digits.
    pub sha256: &'static str,
}

/// The wheel's path in the cache, fetched if it is not there. Unpack it with [`unzip`];
/// nothing of it is run or installed.
pub fn wheel(cache: &Cache, pin: &Pin) -> Result<PathBuf> {
    let tags =
        wheel_tags(pin.file).with_context(|| format!("{} is not the name of a wheel", pin.file))?;
    fetch(cache, pin, |command| {
        command.arg("--only-binary=:all:").args(tags);
    })
}

/// The source archive's path in the cache, fetched if it is not there. `backend` is the
/// module that the archive names as its build backend (`mesonpy` for NumPy).
///
/// `pip download` asks a source archive's build backend for its metadata and would
/// first fetch and start a whole build system for that. Only the file is wanted, so
/// pip meets a backend that answers with the pinned name and version.
pub fn source_archive(cache: &Cache, pin: &Pin, backend: &str) -> Result<PathBuf> {
    let folder = cache.scratch("pip-backend", pin.name)?;
    fs::write(
        folder.join(format!("{backend}.py")),
        metadata_backend(pin.name, pin.version),
    )?;
    fetch(cache, pin, |command| {
        command
            .args(["--no-binary=:all:", "--no-build-isolation"])
            .env("PYTHONPATH", &folder);
    })
}

fn fetch(cache: &Cache, pin: &Pin, extend: impl FnOnce(&mut Command)) -> Result<PathBuf> {
    let target = cache.downloads().join(pin.file);
    if target.exists() {
        return Ok(target);
    }
    let _lock = cache.lock(&format!("download-{}", pin.file))?;
    if target.exists() {
        return Ok(target);
    }
    let python = python_with_pip()?;
    let partial = cache.scratch("pip-download", pin.file)?;
    cache::remove_tree(&partial)?;
    fs::create_dir_all(&partial)?;
    let pins = partial.join("pins.txt");
    fs::write(
        &pins,
        format!(
            "{}=={} --hash=sha256:{}\n",
            pin.name, pin.version, pin.sha256
        ),
    )?;
    let mut command = Command::new(python);
    command
        .args(["-m", "pip", "download", "--no-deps", "--require-hashes"])
        // The file is kept in our own cache; a second copy in pip's would be waste.
        .args([
            "--no-cache-dir",
            "--disable-pip-version-check",
            "--no-input",
        ])
        .args(["--progress-bar", "off", "--retries", "4", "--timeout", "60"])
        .arg("--dest")
        .arg(&partial)
        .env("PIP_REQUIRE_VIRTUALENV", "0")
        .env_remove("PIP_TARGET")
        .env_remove("PIP_USER")
        .env_remove("PIP_NO_BINARY")
        .env_remove("PIP_ONLY_BINARY");
    extend(&mut command);
    command.arg("-r").arg(&pins);
    process::run(cache, &format!("pip-{}", pin.name), &mut command).map_err(|error| {
        let advice = advice(&error.to_string(), pin);
        error.context(advice)
    })?;
    let arrived = partial.join(pin.file);
    if !arrived.exists() {
        bail!(
            "pip fetched {} {} under another name than {}; found: {}",
            pin.name,
            pin.version,
            pin.file,
            list_names(&partial)
        );
    }
    checksum::require(&arrived, pin.sha256)?;
    fs::rename(&arrived, &target)
        .with_context(|| format!("cannot put {} into place", target.display()))?;
    cache::remove_tree(&partial)?;
    Ok(target)
}

/// What to do about a failed `pip download`, read from what it said.
fn advice(said: &str, pin: &Pin) -> String {
    let what = format!("cannot fetch {} {} with pip", pin.name, pin.version);
    if said.contains("DO NOT MATCH THE HASHES") || said.contains("Expected sha256") {
        format!(
            "{what}: the index gave out a file with another SHA-256 than the pinned one. Run the \
             command again; if it happens twice, a proxy or mirror gives out another file: do not \
             go on, ask whoever runs it"
        )
    } else if said.contains("No space left on device") {
        format!("{what}: No space left on device")
    } else if said.contains("Failed to establish a new connection")
        || said.contains("Name or service not known")
        || said.contains("Temporary failure in name resolution")
    {
        format!(
            "{what}: no network, or the package index is not reachable. Connect (behind a proxy: \
             set https_proxy; with a mirror: pip config set global.index-url …) and run the same \
             command again; what has arrived is kept"
        )
    } else {
        what
    }
}

/// `python3`, once it is known to have pip.
fn python_with_pip() -> Result<PathBuf> {
    let python = process::get_program("python3")?;
    let asked = process::output(Command::new(&python).args(["-m", "pip", "--version"]));
    match asked {
        Ok(_) => Ok(python),
        Err(_) => bail!("{}", process::missing("pip")),
    }
}

/// Pip's options that choose the wheel with this file name whatever Python runs pip.
fn wheel_tags(file: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = file.strip_suffix(".whl")?.split('-').collect();
    let [_name, _version, python, abi, platforms] = parts[..] else {
        return None;
    };
    // The first of "py2.py3"; pip takes one.
    let python = python.split('.').next_back()?;
    let (implementation, version) = python.split_at_checked(2)?;
    // "3" alone would be taken for 3.0, which nobody supports any more.
    let version = if version == "3" { "3.12" } else { version };
    let mut options = vec![
        format!("--implementation={implementation}"),
        format!("--python-version={version}"),
        format!("--abi={abi}"),
    ];
    options.extend(platforms.split('.').map(|tag| format!("--platform={tag}")));
    Some(options)
}

/// A PEP 517 backend that can do one thing: state name and version.
fn metadata_backend(name: &str, version: &str) -> String {
    format!(
        r#"import os

def get_requires_for_build_wheel(config_settings=None):
    return []

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    folder = "{name}-{version}.dist-info"
    os.mkdir(os.path.join(metadata_directory, folder))
    with open(os.path.join(metadata_directory, folder, "METADATA"), "w") as out:
        out.write("Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return folder
"#
    )
}

fn list_names(folder: &Path) -> String {
    let names: Vec<String> = fs::read_dir(folder)
        .map(|entries| {
            entries
                .flatten()
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect()
        })
        .unwrap_or_default();
    names.join(", ")
}

/// Unpacks the files of a zip archive (a wheel is one) whose path `wanted` says yes to.
/// Executable bits are kept. Gives back how many files were written.
///
/// By the Python that fetched it: a zip library would double the time that xtask
/// takes to compile, and everybody waits for that.
pub fn unzip(archive: &Path, into: &Path, wanted: impl Fn(&str) -> bool) -> Result<usize> {
    let python = process::get_program("python3")?;
    let listed = process::output(
        Command::new(&python)
            .args(["-I", "-c", LIST_ZIP])
            .arg(archive),
    )
    .with_context(|| format!("{} cannot be read as a zip archive", archive.display()))?;
    let names: Vec<&str> = listed.split('\0').filter(|name| wanted(name)).collect();
    for name in &names {
        let inside = Path::new(name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !inside || name.is_empty() {
            bail!(
                "{} has an entry outside of itself: {name}",
                archive.display()
            );
        }
    }
    let mut child = Command::new(&python)
        .args(["-I", "-c", UNPACK_ZIP])
        .arg(archive)
        .arg(into)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start python3")?;
    if let Some(mut stdin) = child.stdin.take() {
        // If it dies early the broken pipe tells less than what it says itself.
        let _ = stdin.write_all(names.join("\0").as_bytes());
    }
    let ended = child.wait_with_output()?;
    if !ended.status.success() {
        bail!(
            "cannot unpack {}:\n{}",
            archive.display(),
            String::from_utf8_lossy(&ended.stderr)
        );
    }
    Ok(names.len())
}

/// Prints the files of the archive, separated by NUL.
const LIST_ZIP: &str = "
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    names = [name for name in archive.namelist() if not name.endswith('/')]
sys.stdout.buffer.write('\\0'.join(names).encode())
";

/// Writes the files named on the standard input below the second argument.
const UNPACK_ZIP: &str = "
import os, shutil, sys, zipfile
names = [name for name in sys.stdin.buffer.read().decode().split('\\0') if name]
with zipfile.ZipFile(sys.argv[1]) as archive:
    for name in names:
        target = os.path.join(sys.argv[2], name)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with archive.open(name) as source, open(target, 'wb') as out:
            shutil.copyfileobj(source, out, 1 << 20)
        if archive.getinfo(name).external_attr >> 16 & 0o111:
            os.chmod(target, 0o755)
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_name_says_which_wheel() {
        assert_eq!(
            wheel_tags("torch-2.11.0-cp312-cp312-manylinux_2_28_x86_64.whl").unwrap(),
            [
                "--implementation=cp",
                "--python-version=312",
                "--abi=cp312",
                "--platform=manylinux_2_28_x86_64"
            ]
        );
        assert_eq!(
            wheel_tags("z-1-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.whl").unwrap(),
            [
                "--implementation=py",
                "--python-version=3.12",
                "--abi=none",
                "--platform=manylinux_2_12_x86_64",
                "--platform=manylinux2010_x86_64"
            ]
        );
        assert!(wheel_tags("numpy-2.2.6.tar.gz").is_none());
    }

    #[test]
    fn failures_of_pip_get_advice() {
        let pin = Pin {
            name: "n",
            version: "1",
            file: "n.whl",
            sha256: "0",
        };
        let hash = advice(
            "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS",
            &pin,
        );
        assert!(hash.contains("another SHA-256"));
        let net = advice("Failed to establish a new connection: [Errno -2]", &pin);
        assert!(net.contains("no network"));
    }

    /// An archive of two files, the second outside of it.
    const MAKE_ZIP: &str = "
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as archive:
    inside = zipfile.ZipInfo('in/side')
    inside.external_attr = 0o755 << 16
    archive.writestr(inside, 'x')
    archive.writestr('../out', '')
";

    #[test]
    fn an_entry_outside_of_the_archive_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let mut make = Command::new("python3");
        process::output(make.args(["-c", MAKE_ZIP]).arg(&path)).unwrap();
        let into = folder.path().join("into");
        assert_eq!(
            unzip(&path, &into, |name| name.starts_with("in/")).unwrap(),
            1
        );
        let inside = into.join("in/side");
        assert_eq!(fs::read(&inside).unwrap(), b"x");
        assert_eq!(
            fs::metadata(&inside).unwrap().permissions().mode() & 0o777,
            0o755
        );
        let error = unzip(&path, &into, |_| true).unwrap_err();
        assert!(error.to_string().contains("outside"), "{error}");
        assert!(!folder.path().join("out").exists());
    }

    #[test]
    fn a_damaged_archive_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.whl");
        fs::write(&path, "no zip").unwrap();
        let error = unzip(&path, folder.path(), |_| true).unwrap_err();
        assert!(format!("{error:#}").contains("zip archive"), "{error:#}");
    }
}
