//! Everything that is wrong with a file, as far as it is worth reading.

use super::wire::Reply;
use gradien_problems::message::FileFault;

/// Faults that are told in full; more are counted.
pub const MAX_LISTED: usize = 30;
/// Of a text that is quoted from a file, in characters.
const MAX_QUOTED_CHARS: usize = 40;

#[derive(Debug, Default)]
pub struct Faults {
    listed: Vec<FileFault>,
    more: u64,
}

impl Faults {
    pub fn of(fault: FileFault) -> Faults {
        let mut faults = Faults::default();
        faults.push(fault);
        faults
    }

    pub fn push(&mut self, fault: FileFault) {
        if self.listed.len() < MAX_LISTED {
            self.listed.push(fault);
        } else {
            self.more += 1;
        }
    }

    pub fn extend(&mut self, faults: impl IntoIterator<Item = FileFault>) {
        faults.into_iter().for_each(|fault| self.push(fault));
    }

    /// What was read, if nothing is wrong with it.
    pub fn or<T>(self, read: impl FnOnce() -> T) -> Result<T, Faults> {
        match self.listed.is_empty() {
            true => Ok(read()),
            false => Err(self),
        }
    }

    pub fn into_reply(self) -> Reply {
        Reply::Faults {
            faults: self.listed,
            more: self.more,
        }
    }
}

/// A text of the file, cut.
pub fn quoted(text: &str) -> String {
    let mut cut: String = text.chars().take(MAX_QUOTED_CHARS).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}
