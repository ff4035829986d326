//! What can be wrong with a text, in both languages.

use crate::language::Language;
use serde::{Deserialize, Serialize};

/// What is wrong with a text, and on which of its lines, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFault {
    pub line: usize,
    pub what: TextFlaw,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flaw", rename_all = "snake_case")]
pub enum TextFlaw {
    /// A formula that cannot be read; `reason` is the converter's, in English.
    Formula {
        latex: String,
        reason: String,
    },
    /// A dollar sign that opens or closes nothing.
    Dollar {
        text: String,
    },
    /// A command of LaTeX outside of a formula.
    Backslash {
        text: String,
    },
    /// No file of the pack.
    Image {
        address: String,
    },
    /// Neither within the site nor `https:`.
    Link {
        address: String,
    },
    /// A problem that is not beside this one.
    Problem {
        address: String,
    },
    Html {
        text: String,
    },
}

impl TextFlaw {
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Id => self.id(),
            Language::En => self.en(),
        }
    }

    fn en(&self) -> String {
        match self {
            TextFlaw::Formula { latex, reason } => {
                format!("the formula {latex} cannot be read: {reason}")
            }
            TextFlaw::Dollar { text } => format!(
                "a dollar sign outside of a formula: “{text}”; is one missing, or one too many?"
            ),
            TextFlaw::Backslash { text } => {
                format!("a backslash outside of a formula: “{text}”; put $ before and after it")
            }
            TextFlaw::Image { address } => format!(
                "there is no image {address} in the pack; name a file below the pack's folder, such as data/graph.png"
            ),
            TextFlaw::Link { address } => format!(
                "the link {address} leads nowhere; use an address that begins with https:// or /"
            ),
            TextFlaw::Problem { address } => {
                format!("the link {address} leads to a problem that is not there")
            }
            TextFlaw::Html { text } => {
                format!("HTML is shown as text: “{text}”; write Markdown instead")
            }
        }
    }

    fn id(&self) -> String {
        match self {
            TextFlaw::Formula { latex, reason } => {
                format!("rumus {latex} tidak dapat dibaca: {reason}")
            }
            TextFlaw::Dollar { text } => {
                format!("ada tanda dolar di luar rumus: “{text}”; kurang satu, atau lebih satu?")
            }
            TextFlaw::Backslash { text } => format!(
                "ada garis miring terbalik di luar rumus: “{text}”; apit dengan $ di depan dan di belakangnya"
            ),
            TextFlaw::Image { address } => format!(
                "tidak ada gambar {address} di dalam paket; sebutkan berkas di bawah folder paket, misalnya data/graph.png"
            ),
            TextFlaw::Link { address } => format!(
                "tautan {address} tidak menuju ke mana pun; pakailah alamat yang diawali https:// atau /"
            ),
            TextFlaw::Problem { address } => {
                format!("tautan {address} menuju soal yang tidak ada")
            }
            TextFlaw::Html { text } => {
                format!("HTML ditampilkan sebagai teks: “{text}”; tulislah Markdown")
            }
        }
    }
}
