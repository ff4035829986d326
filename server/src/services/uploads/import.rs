//! Has the grader unpack an archive: `gradien-grader pack import`, which hands it
//! to a locked child (`docs/pack-archive.md`).

use gradien_problems::PackSlug;
use gradien_problems::pack::archive::ImportOutcome;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

/// The child has two minutes of its own; the rest is moving a folder.
const WITHIN: Duration = Duration::from_secs(180);
/// Of what the grader says of a fault of the machine.
const MAX_WORDS_CHARS: usize = 2_000;

/// # Errors
/// Why the machine could not do it, for the log.
pub async fn import(
    program: &Path,
    archive: &Path,
    into: &Path,
    slug: Option<&PackSlug>,
) -> Result<ImportOutcome, String> {
    let mut command = Command::new(program);
    command
        .args(["pack", "import", "--json", "--into"])
        .arg(into)
        .env_clear()
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(slug) = slug {
        command.arg("--slug").arg(slug.as_str());
    }
    command.arg("--").arg(archive);
    let output = tokio::time::timeout(WITHIN, command.output())
        .await
        .map_err(|_| format!("unpacking took longer than {} s", WITHIN.as_secs()))?
        .map_err(|error| format!("{}: {error}", program.display()))?;
    serde_json::from_slice(&output.stdout).map_err(|_| {
        let words = String::from_utf8_lossy(&output.stderr);
        let words: String = words.trim().chars().take(MAX_WORDS_CHARS).collect();
        format!("unpacking ended ({}): {words}", output.status)
    })
}
