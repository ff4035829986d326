//! `gradien doctor`: what is missing on this machine, and what to do about it.

use super::{block_on, start_log};
use crate::config::{Config, sibling};
use crate::db::Database;
use crate::worker::command;
use crate::worker::supervisor::Supervisor;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

/// What was found, line by line.
struct Findings {
    bad: bool,
}

impl Findings {
    fn note(&mut self, found: Result<String, String>, what: &str) {
        match found {
            Ok(text) => println!("ok       {what}: {text}"),
            Err(text) => {
                self.bad = true;
                println!("MISSING  {what}: {text}");
            }
        }
    }
}

pub fn examine(config: &Config) -> anyhow::Result<ExitCode> {
    start_log("off");
    let mut findings = Findings { bad: false };
    println!("         gradien {}", env!("CARGO_PKG_VERSION"));
    findings.note(version(&config.grader_path()), "grader");
    findings.note(present(&sibling("gradien-runner")), "runner");
    findings.note(present(&sibling("gradien-reference")), "reference");
    findings.note(present(&sibling("gradien-inspect")), "file reader");
    findings.note(guest(config), "guest image");
    findings.note(web(config), "editor");
    findings.note(data(&config.data.data), "data folder");
    block_on(async {
        findings.note(database(config).await, "database");
        for (what, found) in grader(config).await {
            findings.note(found, what);
        }
        Ok(())
    })?;
    Ok(if findings.bad {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn present(path: &Path) -> Result<String, String> {
    if path.is_file() {
        Ok(path.display().to_string())
    } else {
        let path = path.display();
        Err(format!(
            "{path} is not there; build it with `cargo xtask setup`"
        ))
    }
}

fn version(grader: &Path) -> Result<String, String> {
    present(grader)?;
    let output = Command::new(grader)
        .arg("--version")
        .output()
        .map_err(|error| format!("{} cannot be started: {error}", grader.display()))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let theirs = text.rsplit(' ').next().unwrap_or_default();
    if theirs == env!("CARGO_PKG_VERSION") {
        Ok(format!("{} ({text})", grader.display()))
    } else {
        Err(format!(
            "{} says it is {text:?}; build both from the same sources",
            grader.display()
        ))
    }
}

fn guest(config: &Config) -> Result<String, String> {
    match &config.guest {
        Some(path) if path.is_file() => Ok(path.display().to_string()),
        Some(path) => Err(format!(
            "{} is not there; run `cargo xtask setup`",
            path.display()
        )),
        None => Err("GRADIEN_GUEST names no file; `cargo xtask env` says what to set".into()),
    }
}

fn web(config: &Config) -> Result<String, String> {
    match &config.web {
        Some(path) if path.join("editor.js").is_file() => Ok(path.display().to_string()),
        Some(path) => Err(format!(
            "no editor.js lies in {}; run `cargo xtask setup`",
            path.display()
        )),
        None => Err("GRADIEN_WEB names no folder; the pages work, with a plain text field".into()),
    }
}

fn data(folder: &Path) -> Result<String, String> {
    let probe = folder.join(".doctor");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&probe, b"probe"))
        .and_then(|()| fs::remove_file(&probe))
        .map(|()| folder.display().to_string())
        .map_err(|error| format!("{} cannot be written: {error}", folder.display()))
}

async fn database(config: &Config) -> Result<String, String> {
    let text = |error: crate::db::DbError| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}: {}", cause.unwrap_or_default())
    };
    let database = Database::connect(&config.data.database_url())
        .await
        .map_err(text)?;
    let pending = database.list_pending_migrations().await.map_err(text)?;
    database.close().await.map_err(text)?;
    Ok(match pending.len() {
        0 => "up to date".into(),
        n => format!("{n} steps behind; the next start of the server takes them"),
    })
}

/// A grader is started, as a worker would.
async fn grader(config: &Config) -> Vec<(&'static str, Result<String, String>)> {
    match Supervisor::start(&command(config)).await {
        Ok(supervisor) => vec![
            ("guest hash", Ok(supervisor.hello.guest_hash.clone())),
            ("sandbox", Ok(supervisor.hello.sandbox_version.clone())),
            ("walls", walls(&supervisor.hello.walls)),
        ],
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
            vec![("start of a grader", Err(format!("{error}{cause}")))]
        }
    }
}

fn walls(walls: &[String]) -> Result<String, String> {
    if walls.is_empty() {
        Err("this machine gives none; students' programs have only WebAssembly around them".into())
    } else {
        Ok(walls.join(", "))
    }
}
