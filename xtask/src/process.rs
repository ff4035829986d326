//! Runs other programs: output to a log in the cache, its end shown on failure, and
//! advice where a program is missing.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::cache::Cache;

/// How much of a failed command's log is shown.
const SHOWN_LINES: usize = 25;

/// Runs `command` to its end, both outputs appended to `<cache>/logs/<log>.log`.
pub fn run(cache: &Cache, log: &str, command: &mut Command) -> Result<()> {
    let path = cache.log(log);
    let mut file = open_log(&path)?;
    writeln!(file, "\n$ {}", command_line(command))?;
    let status = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .status()
        .map_err(|error| explain_start(command, error))?;
    if status.success() {
        return Ok(());
    }
    bail!(
        "{} ended with {status}. Its last lines:\n{}\nThe whole log: {}",
        command.get_program().to_string_lossy(),
        last_lines(&path, SHOWN_LINES),
        path.display()
    )
}

/// Runs `command` and gives back what it printed on its standard output.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| explain_start(command, error))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    bail!(
        "{} ended with {}:\n{}{}",
        command_line(command),
        output.status,
        text,
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The program's path, if the search path has it. Empty entries mean the current
/// folder to a shell; here they mean nothing.
pub fn find_program(name: &str) -> Option<PathBuf> {
    use std::os::unix::fs::PermissionsExt;
    std::env::split_paths(&std::env::var_os("PATH")?)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(name))
        .find(|path| {
            fs::metadata(path)
                .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
        })
}

/// The program's path, or what to install to have it.
pub fn get_program(name: &str) -> Result<PathBuf> {
    find_program(name).with_context(|| missing(name))
}

/// What to do where `program` is not on the machine.
pub fn missing(program: &str) -> String {
    let (debian, fedora) = match program {
        "cc" | "gcc" | "c++" | "g++" | "make" | "ld" | "ar" | "strip" => {
            ("build-essential", "gcc gcc-c++ make")
        }
        "python3" => ("python3 python3-pip", "python3 python3-pip"),
        "pip" => ("python3-pip", "python3-pip"),
        "npm" | "node" => ("nodejs npm", "nodejs npm"),
        "tar" | "xz" => ("tar xz-utils", "tar xz"),
        "dpkg" | "apt-get" => {
            return format!(
                "{program} is missing: this step unpacks Debian packages and works on Debian and \
                 its descendants only"
            );
        }
        other => (other, other),
    };
    format!(
        "{program} is missing. Debian, Ubuntu: sudo apt-get install {debian}. Fedora: sudo dnf \
         install {fedora}. Then run the same command again; it goes on from here"
    )
}

fn explain_start(command: &Command, error: std::io::Error) -> anyhow::Error {
    let program = command.get_program();
    if error.kind() == std::io::ErrorKind::NotFound && !is_path(program) {
        return anyhow::anyhow!(missing(&program.to_string_lossy()));
    }
    anyhow::Error::new(error).context(format!("cannot start {}", program.to_string_lossy()))
}

fn is_path(program: &OsStr) -> bool {
    program.as_encoded_bytes().contains(&b'/')
}

fn open_log(path: &Path) -> Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)
        .with_context(|| format!("cannot write the log {}", path.display()))
}

/// The command as one would type it, for logs.
pub fn command_line(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            if word.is_empty()
                || word.contains(|c: char| c.is_whitespace() || "'\"$`;&|<>()*?".contains(c))
            {
                format!("'{}'", word.replace('\'', r"'\''"))
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// The last `count` lines of a log, read from its last 64 KiB only: build logs are long.
fn last_lines(path: &Path, count: usize) -> String {
    let read_end = || -> std::io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(64 << 10)))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        Ok(end)
    };
    let end = read_end().unwrap_or_default();
    let text = String::from_utf8_lossy(&end);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..]
        .iter()
        .map(|line| format!("  | {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_the_end_of_the_log_and_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "seq 1 100; echo the reason >&2; exit 3"]);
        let error = run(&cache, "sample", &mut command).unwrap_err().to_string();
        assert!(
            error.contains("the reason") && error.contains("| 99"),
            "{error}"
        );
        assert!(!error.contains("| 50\n"), "{error}");
        assert!(error.contains("logs/sample.log"), "{error}");
    }

    #[test]
    fn a_missing_compiler_says_what_to_install() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        let mut command = Command::new("cc");
        command.env("PATH", "/nonexistent");
        let error = run(&cache, "sample", &mut command).unwrap_err().to_string();
        assert!(error.contains("build-essential"), "{error}");
        assert!(missing("pip").contains("python3-pip"));
    }

    #[test]
    fn outputs_come_back() {
        assert_eq!(output(Command::new("echo").arg("x y")).unwrap(), "x y\n");
        assert!(
            output(Command::new("sh").args(["-c", "echo why >&2; false"]))
                .unwrap_err()
                .to_string()
                .contains("why")
        );
    }
}
