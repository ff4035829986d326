//! Packs that break one thing, and what `pack verify` says of them.

use crate::{binaries, packs};
use anyhow::{Context, Result, ensure};
use gradien_problems::Proof;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder of packs that are changed copies of shipped ones.
pub struct Collection {
    folder: tempfile::TempDir,
}

impl Collection {
    pub fn new() -> Result<Collection> {
        Ok(Collection {
            folder: tempfile::tempdir()?,
        })
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A copy of the shipped pack under another name.
    pub fn copy(&self, slug: &str, name: &str) -> Result<Copy> {
        let folder = self.folder.path().join(name);
        copy_folder(&packs::folder().join(slug), &folder)?;
        Ok(Copy { folder })
    }
}

/// One changed copy.
pub struct Copy {
    pub folder: PathBuf,
}

impl Copy {
    /// Replaces what must stand in the file.
    pub fn edit(&self, file: &str, from: &str, to: &str) -> Result<&Copy> {
        let path = self.folder.join(file);
        let text = fs::read_to_string(&path).with_context(|| file.to_owned())?;
        ensure!(text.contains(from), "{file} does not say {from}");
        fs::write(path, text.replacen(from, to, 1))?;
        Ok(self)
    }

    pub fn write(&self, file: &str, text: &str) -> Result<&Copy> {
        let path = self.folder.join(file);
        fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
        fs::write(path, text)?;
        Ok(self)
    }

    pub fn append(&self, file: &str, text: &str) -> Result<&Copy> {
        let before = fs::read_to_string(self.folder.join(file))?;
        self.write(file, &format!("{before}{text}"))
    }

    pub fn read(&self, file: &str) -> Result<String> {
        Ok(fs::read_to_string(self.folder.join(file))?)
    }

    /// Without the examples of this folder of `submissions/`.
    pub fn without_examples(&self, verdict: &str) -> Result<&Copy> {
        fs::remove_dir_all(self.folder.join("submissions").join(verdict))?;
        let file = "submissions/expected.toml";
        let listed = self.read(file)?;
        let kept = listed
            .lines()
            .filter(|line| !line.starts_with(&format!("\"{verdict}/")));
        self.write(file, &kept.collect::<Vec<_>>().join("\n"))
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Runs `gradien-grader pack …`, on the CPU unless the arguments say otherwise.
pub fn pack(arguments: &[&str]) -> Result<Output> {
    binaries::guest();
    Command::new(binaries::path("gradien-grader"))
        .arg("pack")
        .args(arguments)
        .env_remove("GRADIEN_CUDA_LIBRARY")
        .output()
        .context("gradien-grader does not start")
}

/// Proves every pack in the folder; also whether the command was content.
pub fn prove_all(folder: &Path) -> Result<(Vec<Proof>, bool)> {
    let folder = folder.to_str().context("a path in UTF-8")?;
    let output = pack(&["verify", "--all", folder, "--json"])?;
    let proofs = serde_json::from_slice(&output.stdout)
        .with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    Ok((proofs, output.status.success()))
}

/// What was found, one line each: for the message of a test.
pub fn findings(proof: &Proof) -> String {
    let lines = proof.findings.iter().map(|one| {
        let (severity, place, text) = (one.severity, &one.place, &one.text.en);
        format!("{}: {severity:?} {place}: {text}", proof.slug)
    });
    lines.collect::<Vec<_>>().join("\n")
}
