//! What can be wrong with a pack's reference, told to its author.

use gradien_problems::Language;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The text is not TorchScript, or its types do not fit.
    Compile,
    /// It uses an operator that is not on the allow-list.
    ForbiddenOperator,
    UnknownUnit,
    UnknownFunction,
    /// The arguments do not fit the declared parameters.
    BadArguments,
    /// It raised an exception, or an assertion failed.
    Raised,
    /// An operator failed: shapes that do not fit, an index out of range.
    Runtime,
    OutOfMemory,
    /// It returned what cannot be compared: a complex or sparse tensor, a nested structure.
    BadResult,
    /// The reply would exceed the cap of a frame.
    TooLarge,
    /// The device that was asked for is not there.
    NoDevice,
}

/// One fault, with its place in the pack's text where that is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{reason}")]
pub struct Fault {
    pub kind: FaultKind,
    /// The heart of it in one line: `ValueError: no 3`.
    pub reason: String,
    /// The whole text, with the source line and `<--- HERE`, as libtorch words it.
    pub detail: String,
    pub file: Option<String>,
    /// Counted from 1.
    pub line: Option<u32>,
}

impl Fault {
    /// A fault without a place.
    pub fn new(kind: FaultKind, reason: impl Into<String>) -> Fault {
        let reason = reason.into();
        Fault {
            kind,
            detail: reason.clone(),
            reason,
            file: None,
            line: None,
        }
    }

    /// `reference.py:12`, or the file alone, or nothing.
    pub fn place(&self) -> Option<String> {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => Some(format!("{file}:{line}")),
            (Some(file), None) => Some(file.clone()),
            (None, _) => None,
        }
    }

    /// What is wrong and where, in the reader's language; the technical reason
    /// stays as libtorch words it.
    pub fn explain(&self, language: Language) -> String {
        let sentence = self.kind.sentence(language);
        match self.place() {
            Some(place) => format!("{place}: {sentence}: {}", self.reason),
            None => format!("{sentence}: {}", self.reason),
        }
    }
}

impl FaultKind {
    fn sentence(self, language: Language) -> &'static str {
        let (id, en) = match self {
            FaultKind::Compile => (
                "teks acuan tidak dapat dikompilasi",
                "the reference does not compile",
            ),
            FaultKind::ForbiddenOperator => (
                "acuan memakai operator yang tidak diizinkan",
                "the reference uses an operator that is not allowed",
            ),
            FaultKind::UnknownUnit => (
                "acuan belum dikompilasi",
                "the reference has not been compiled",
            ),
            FaultKind::UnknownFunction => ("fungsi tidak ditemukan", "the function does not exist"),
            FaultKind::BadArguments => (
                "argumen tidak cocok dengan parameter fungsi",
                "the arguments do not fit the function's parameters",
            ),
            FaultKind::Raised => (
                "acuan melempar pengecualian",
                "the reference raised an exception",
            ),
            FaultKind::Runtime => (
                "acuan gagal saat dijalankan",
                "the reference failed while it ran",
            ),
            FaultKind::OutOfMemory => ("acuan kehabisan memori", "the reference ran out of memory"),
            FaultKind::BadResult => (
                "nilai yang dikembalikan acuan tidak dapat dibandingkan",
                "what the reference returned cannot be compared",
            ),
            FaultKind::TooLarge => (
                "hasil acuan terlalu besar",
                "the reference's results are too large",
            ),
            FaultKind::NoDevice => (
                "perangkat yang diminta tidak ada",
                "the device asked for is not there",
            ),
        };
        match language {
            Language::Id => id,
            Language::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_in_both_languages_with_its_place() {
        let fault = Fault {
            file: Some("reference.py".into()),
            line: Some(3),
            ..Fault::new(FaultKind::Raised, "ValueError: no 3")
        };
        assert_eq!(
            fault.explain(Language::En),
            "reference.py:3: the reference raised an exception: ValueError: no 3"
        );
        assert_eq!(
            fault.explain(Language::Id),
            "reference.py:3: acuan melempar pengecualian: ValueError: no 3"
        );
        let placeless = Fault::new(FaultKind::NoDevice, "cuda");
        assert_eq!(
            placeless.explain(Language::En),
            "the device asked for is not there: cuda"
        );
    }
}
