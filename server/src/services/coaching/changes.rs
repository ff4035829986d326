//! What changed from one version of a problem to another, file by file.

use super::Coaching;
use crate::services::sessions::Viewer;
use crate::services::{Result, ServiceError};
use gradien_problems::pack::list_files;
use gradien_problems::{PackHash, PackSlug};
use similar::{ChangeTag, TextDiff};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Longer files are said to differ, and no more.
const MAX_TEXT_BYTES: usize = 256 << 10;
/// Lines around a change that stay as they were.
const CONTEXT: usize = 3;
/// A file that takes longer is shown with a coarser diff.
const DIFF_WITHIN: Duration = Duration::from_millis(300);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    /// Below the pack's folder.
    pub name: String,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A text; a file that is new or gone has lines of one kind alone.
    Text {
        hunks: Vec<Hunk>,
        added: usize,
        removed: usize,
    },
    /// No text, or too long a one: sizes in bytes, `None` where it is not there.
    Binary {
        before: Option<usize>,
        after: Option<usize>,
    },
}

/// Lines that changed with some around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    pub lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub kind: LineKind,
    /// Counted from 1; `None` where the line is not in that version.
    pub before: Option<usize>,
    pub after: Option<usize>,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    Same,
    Added,
    Removed,
}

impl Coaching {
    /// The files that differ, by name.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub async fn changes(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        before: &PackHash,
        after: &PackHash,
    ) -> Result<Vec<FileChange>> {
        let (_, before) = self.problems.get_version(viewer, slug, before).await?;
        let (_, after) = self.problems.get_version(viewer, slug, after).await?;
        tokio::task::spawn_blocking(move || compare(&before.folder, &after.folder))
            .await
            .map_err(|_| ServiceError::internal("comparing versions was broken off"))?
    }
}

fn compare(before: &Path, after: &Path) -> Result<Vec<FileChange>> {
    let files = |folder: &Path| -> Result<BTreeMap<String, PathBuf>> {
        Ok(list_files(folder)?.into_iter().collect())
    };
    let (before, after) = (files(before)?, files(after)?);
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let mut changes = Vec::new();
    for name in names {
        let (old, new) = (read(before.get(name))?, read(after.get(name))?);
        if old == new {
            continue;
        }
        changes.push(FileChange {
            name: name.clone(),
            change: change(old.as_deref(), new.as_deref()),
        });
    }
    Ok(changes)
}

fn read(path: Option<&PathBuf>) -> Result<Option<Vec<u8>>> {
    let Some(path) = path else { return Ok(None) };
    let bytes = fs::read(path).map_err(|source| ServiceError::File {
        path: path.clone(),
        source,
    })?;
    Ok(Some(bytes))
}

fn change(old: Option<&[u8]>, new: Option<&[u8]>) -> Change {
    match (text(old), text(new)) {
        (Some(old), Some(new)) => text_change(old, new),
        _ => Change::Binary {
            before: old.map(<[u8]>::len),
            after: new.map(<[u8]>::len),
        },
    }
}

/// What is not there is an empty text.
fn text(bytes: Option<&[u8]>) -> Option<&str> {
    let bytes = bytes.unwrap_or_default();
    let text = std::str::from_utf8(bytes).ok()?;
    (bytes.len() <= MAX_TEXT_BYTES && !text.contains('\0')).then_some(text)
}

fn text_change(old: &str, new: &str) -> Change {
    let diff = TextDiff::configure()
        .timeout(DIFF_WITHIN)
        .diff_lines(old, new);
    let (mut added, mut removed) = (0, 0);
    let mut hunks = Vec::new();
    for group in diff.grouped_ops(CONTEXT) {
        let mut lines = Vec::new();
        for op in &group {
            for change in diff.iter_changes(op) {
                let kind = match change.tag() {
                    ChangeTag::Equal => LineKind::Same,
                    ChangeTag::Insert => LineKind::Added,
                    ChangeTag::Delete => LineKind::Removed,
                };
                added += usize::from(kind == LineKind::Added);
                removed += usize::from(kind == LineKind::Removed);
                lines.push(Line {
                    kind,
                    before: change.old_index().map(|index| index + 1),
                    after: change.new_index().map(|index| index + 1),
                    text: change.value().trim_end_matches(['\r', '\n']).to_owned(),
                });
            }
        }
        hunks.push(Hunk { lines });
    }
    Change::Text {
        hunks,
        added,
        removed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_by_lines_and_the_rest_by_size() {
        let old = (1..=20).map(|n| format!("{n}\n")).collect::<String>();
        let new = old.replace("10\n", "ten\n");
        let Change::Text {
            hunks,
            added,
            removed,
        } = change(Some(old.as_bytes()), Some(new.as_bytes()))
        else {
            panic!("a text");
        };
        assert_eq!((hunks.len(), added, removed), (1, 1, 1));
        assert_eq!(hunks[0].lines.len(), 2 * CONTEXT + 2);
        let gone = hunks[0].lines.iter().find(|l| l.kind == LineKind::Removed);
        assert_eq!(gone.unwrap().before, Some(10));
        assert_eq!(
            change(None, Some(&[0, 159, 146, 150])),
            Change::Binary {
                before: None,
                after: Some(4)
            }
        );
        let long = "x".repeat(MAX_TEXT_BYTES + 1);
        let differs = change(Some(long.as_bytes()), None);
        assert!(matches!(differs, Change::Binary { .. }));
    }
}
