//! What is wrong with a pack: which file, which line, what was expected.

use std::fmt;
use std::path::PathBuf;

#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A file is there but says something that it may not.
    #[error("{place}: {what}")]
    Invalid { place: Place, what: String },
    #[error("{}: this file is missing; {purpose}", .file.display())]
    Missing {
        file: PathBuf,
        purpose: &'static str,
    },
    #[error("{}: cannot be read", .file.display())]
    Unreadable {
        file: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: {what}", .file.display())]
    Refused { file: PathBuf, what: String },
}

/// `problem.toml:12`, with the line where one is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: PathBuf,
    /// Counted from 1.
    pub line: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        match self.line {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}
