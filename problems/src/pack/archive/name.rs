//! The name of an entry: foreign bytes that would become a path.

use crate::language::Language;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest name of an entry, and of a part of it between slashes, in bytes.
const MAX_NAME_BYTES: usize = 400;
const MAX_PART_BYTES: usize = 120;
/// Most folders above a file.
const MAX_DEPTH: usize = 12;
/// Most characters of a name that a message shows.
const SHOWN_CHARS: usize = 80;

/// Why a name is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameFault {
    NotUtf8,
    Empty,
    /// From the root of a file system, or from a drive.
    Absolute,
    /// `..` or `.` among its parts.
    Upward,
    Backslash,
    /// Control characters, or those that change the direction of text.
    Control,
    TooLong,
    TooDeep,
}

/// Parts of a path below a folder, each an ordinary name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryName {
    parts: Vec<String>,
    pub is_folder: bool,
}

impl EntryName {
    /// A name as it stands in the archive; a folder's ends with `/`.
    ///
    /// # Errors
    /// Whatever could lead out of the folder, or to two names for one file.
    pub fn parse(raw: &[u8]) -> Result<EntryName, NameFault> {
        let text = std::str::from_utf8(raw).map_err(|_| NameFault::NotUtf8)?;
        if text.is_empty() {
            return Err(NameFault::Empty);
        }
        if text.len() > MAX_NAME_BYTES {
            return Err(NameFault::TooLong);
        }
        if text.chars().any(is_deceiving) {
            return Err(NameFault::Control);
        }
        let drive =
            text.as_bytes().get(1) == Some(&b':') && text.as_bytes()[0].is_ascii_alphabetic();
        if text.starts_with(['/', '\\']) || drive {
            return Err(NameFault::Absolute);
        }
        // Some systems take it for a separator, others for a letter.
        if text.contains('\\') {
            return match text.split(['/', '\\']).any(is_upward) {
                true => Err(NameFault::Upward),
                false => Err(NameFault::Backslash),
            };
        }
        let (text, is_folder) = match text.strip_suffix('/') {
            Some(folder) => (folder, true),
            None => (text, false),
        };
        let parts: Vec<String> = text.split('/').map(str::to_owned).collect();
        for part in &parts {
            if part.is_empty() {
                return Err(NameFault::Empty);
            }
            if is_upward(part) {
                return Err(NameFault::Upward);
            }
            if part.len() > MAX_PART_BYTES {
                return Err(NameFault::TooLong);
            }
        }
        if parts.len() > MAX_DEPTH {
            return Err(NameFault::TooDeep);
        }
        Ok(EntryName { parts, is_folder })
    }

    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Without its first part; `None` where nothing is left.
    pub fn below_first(&self) -> Option<EntryName> {
        let parts = self.parts.get(1..).filter(|rest| !rest.is_empty())?;
        Some(EntryName {
            parts: parts.to_vec(),
            is_folder: self.is_folder,
        })
    }

    /// The same for names that a file system blind to case takes for one.
    pub fn folded(&self) -> String {
        self.to_string().to_lowercase()
    }

    /// What macOS and Windows put into archives and folders unasked.
    pub fn is_litter(&self) -> bool {
        self.parts.iter().any(|part| {
            part == "__MACOSX"
                || part == ".DS_Store"
                || part == "Thumbs.db"
                || part == "desktop.ini"
        })
    }
}

/// The path below the folder, with `/`, without one at the end.
impl fmt::Display for EntryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts.join("/"))
    }
}

fn is_upward(part: &str) -> bool {
    part == ".." || part == "."
}

fn is_deceiving(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A name as a message can show it: short, and without anything that acts on a
/// terminal or a page.
pub fn shown(raw: &[u8]) -> String {
    let text = String::from_utf8_lossy(raw);
    let mut shown: String = text
        .chars()
        .take(SHOWN_CHARS)
        .map(|c| if is_deceiving(c) { '\u{fffd}' } else { c })
        .collect();
    if text.chars().count() > SHOWN_CHARS {
        shown.push('…');
    }
    shown
}

impl NameFault {
    pub(super) fn text(self, language: Language) -> String {
        let (id, en) = match self {
            NameFault::NotUtf8 => (
                "namanya bukan UTF-8; kemas ulang dengan program yang menulis nama dalam UTF-8".into(),
                "its name is not UTF-8; pack it again with a program that writes names as UTF-8".into(),
            ),
            NameFault::Empty => (
                "namanya, atau salah satu bagiannya di antara garis miring, kosong".into(),
                "its name, or a part of it between slashes, is empty".into(),
            ),
            NameFault::Absolute => (
                "namanya mulai dari akar sistem berkas; nama harus mulai dari folder paket".into(),
                "its name begins at the root of a file system; names must begin at the pack's folder".into(),
            ),
            NameFault::Upward => (
                "namanya memuat “..” atau “.”; nama tidak boleh keluar dari folder paket".into(),
                "its name has “..” or “.” in it; a name may not lead out of the pack's folder".into(),
            ),
            NameFault::Backslash => (
                "namanya memuat garis miring terbalik; pakai “/” di antara folder".into(),
                "its name has a backslash in it; use “/” between folders".into(),
            ),
            NameFault::Control => (
                "namanya memuat karakter kendali".into(),
                "its name has control characters in it".into(),
            ),
            NameFault::TooLong => (
                format!(
                    "namanya terlalu panjang; paling banyak {MAX_NAME_BYTES} bita, dan {MAX_PART_BYTES} di antara dua garis miring"
                ),
                format!(
                    "its name is too long; at most {MAX_NAME_BYTES} bytes, and {MAX_PART_BYTES} between two slashes"
                ),
            ),
            NameFault::TooDeep => (
                format!("letaknya terlalu dalam; paling banyak {MAX_DEPTH} tingkat folder"),
                format!("it lies too deep; at most {MAX_DEPTH} levels of folders"),
            ),
        };
        match language {
            Language::Id => id,
            Language::En => en,
        }
    }
}
