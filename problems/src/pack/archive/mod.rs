//! A pack in one file, to carry it: a zip archive with the pack's folder in it.
//!
//! Here are the words for it: what an archive may hold, what an import made, and
//! every fault that an archive can have, in both languages. The archive itself is
//! foreign bytes and is read by a locked process of the grader alone.

mod en;
mod id;
mod name;

pub use name::{EntryName, NameFault, shown};

use crate::ids::{PackHash, PackSlug};
use crate::language::{Language, Localized};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Largest archive, in bytes.
pub const MAX_ARCHIVE_BYTES: u64 = 64 << 20;
/// Most entries, folders among them.
pub const MAX_ENTRIES: usize = 4_000;
/// Largest file once unpacked, in bytes.
pub const MAX_ENTRY_BYTES: u64 = 64 << 20;
/// All files once unpacked, in bytes: what a pack may have.
pub const MAX_TOTAL_BYTES: u64 = super::hash::MAX_BYTES;
/// How many times larger than packed a file may be. The densest that deflate can
/// make of useful text is far below; a bomb comes near 1000.
pub const MAX_RATIO: u64 = 200;
/// Below so many bytes a file may have any ratio: a table of zeros is no bomb.
pub const RATIO_FREE_BYTES: u64 = 1 << 20;

/// What `pack import` found and did; with `--json` this is what it prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    Imported(ImportedPack),
    Refused(Refusal),
}

/// A pack that now lies in its folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedPack {
    /// The folder's name below the one that was named.
    pub slug: PackSlug,
    pub hash: PackHash,
    pub title: Localized,
    pub kind: String,
    pub files: usize,
    pub bytes: u64,
    /// What systems put into archives unasked (`.DS_Store`); it was left out.
    pub left_out: Vec<String>,
}

/// The fault, and what it says to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub fault: ArchiveFault,
    pub text: Localized,
}

impl From<ArchiveFault> for Refusal {
    fn from(fault: ArchiveFault) -> Refusal {
        Refusal {
            text: Localized {
                id: fault.text(Language::Id),
                en: fault.text(Language::En),
            },
            fault,
        }
    }
}

/// What is wrong with an archive. `entry` is a name in it, made safe to show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum ArchiveFault {
    NotAZip,
    /// The directory of the archive cannot be read.
    Damaged {
        detail: String,
    },
    /// One entry cannot be unpacked, or has not the checksum that it says.
    EntryDamaged {
        entry: String,
        detail: String,
    },
    ArchiveTooLarge {
        bytes: u64,
    },
    TooManyEntries {
        found: usize,
    },
    EntryTooLarge {
        entry: String,
    },
    TotalTooLarge {
        entry: String,
    },
    /// It unpacks to far more than its size.
    Bomb {
        entry: String,
    },
    /// Two entries share their bytes.
    Overlapping,
    Encrypted {
        entry: String,
    },
    /// Packed otherwise than by `store` or `deflate`.
    Method {
        entry: String,
    },
    Name {
        entry: String,
        wrong: NameFault,
    },
    /// Two entries have the same name.
    Twice {
        entry: Option<String>,
    },
    CaseOnly {
        entry: String,
        other: String,
    },
    /// `entry` lies below `other`, which is a file.
    BelowFile {
        entry: String,
        other: String,
    },
    Link {
        entry: String,
    },
    /// A device, a pipe or a socket.
    Special {
        entry: String,
    },
    Empty,
    /// `problem.toml` is neither at the top nor in the one folder there.
    NoManifest {
        top: Vec<String>,
    },
    /// The folder's name, or the archive's, is no name for a pack.
    Slug {
        name: String,
    },
    Exists {
        slug: PackSlug,
    },
    /// It was unpacked, and the pack in it does not load; `detail` names the file
    /// and the line.
    Pack {
        detail: String,
    },
    /// The process that unpacks used up its time or its memory.
    TooCostly,
}

impl ArchiveFault {
    /// Where, what, and what to do.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Id => id::text(self),
            Language::En => en::text(self),
        }
    }
}

impl fmt::Display for ArchiveFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(Language::En))
    }
}

impl std::error::Error for ArchiveFault {}

fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

#[cfg(test)]
mod tests;
