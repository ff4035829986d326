//! What can be found to be wrong with a pack.

use super::{Calibration, Junk, Outcome, Severity, en, id};
use crate::ids::MisconceptionName;
use crate::language::Language;
use crate::message::Message;
use crate::score::Score;
use crate::texts::{Part, TextFlaw};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case")]
pub enum Found {
    // The folder.
    /// It cannot be read as a pack; `detail` is in English.
    Unreadable {
        detail: String,
    },
    /// Its reference, checker or a misconception does not compile, fails, or gives
    /// something else than is declared; `detail` is in English.
    NotPrepared {
        detail: String,
    },

    // The texts.
    StatementEmpty,
    /// The same words in both languages.
    NotTranslated,
    /// A part that one language has more often than the other.
    PartsDiffer {
        part: Part,
        id: u32,
        en: u32,
    },
    Text {
        what: TextFlaw,
    },

    // The examples.
    NoAccepted,
    NoWrong,
    /// Another verdict or score than it must get.
    Verdict {
        expected: Outcome,
        got: Outcome,
        message: Option<Message>,
    },
    /// Another misconception or flaw than it must be told of.
    Diagnosis {
        expected: Outcome,
        got: Outcome,
    },
    /// The pack broke while the example was judged; `detail` is in English.
    NotJudged {
        detail: String,
    },
    FuelTight {
        fuel: u64,
        limit: u64,
    },
    MemoryTight {
        bytes: u64,
        limit: u64,
    },

    /// The limit of fuel does not follow from a measurement on this guest.
    NotCalibrated,

    // Misconceptions, flaws and rules.
    MisconceptionSilent,
    MisconceptionIsRight,
    MisconceptionsAlike {
        other: MisconceptionName,
    },
    /// It gives a field another shape than the field has; `detail` is in English.
    MisconceptionShape {
        detail: String,
    },
    MisconceptionWithoutExample,
    FlawWithoutExample {
        rule: String,
    },
    RuleWithoutExample {
        rule: String,
    },

    // The tolerance.
    ToleranceTooTight {
        /// `cpu float32`.
        what: String,
        excess: f64,
    },
    /// A wrong answer is hardly further off than is allowed.
    ToleranceTooWide {
        /// The wrong answer that is nearest.
        what: String,
        excess: f64,
    },
    /// The reference cannot be computed so; `detail` is in English.
    PrecisionFails {
        what: String,
        detail: String,
    },

    // Junk.
    JunkEarns {
        junk: Junk,
        score: Score,
    },
    JunkUnexplained {
        junk: Junk,
    },
    JunkAlike {
        junk: Junk,
        other: Junk,
    },

    // Devices.
    DeviceMissing {
        device: String,
        reason: String,
    },
    DeviceExpectedDiffers {
        excess: f64,
    },
    DeviceVerdictDiffers {
        device: String,
        expected: Outcome,
        got: Outcome,
    },
}

impl Found {
    pub fn severity(&self) -> Severity {
        match self {
            Found::PartsDiffer { .. }
            | Found::NoWrong
            | Found::MemoryTight { .. }
            | Found::NotCalibrated
            | Found::MisconceptionWithoutExample
            | Found::FlawWithoutExample { .. }
            | Found::ToleranceTooWide { .. }
            // Which problems there are is known to a collection, not to a pack.
            | Found::Text {
                what: TextFlaw::Problem { .. },
            } => Severity::Warning,
            _ => Severity::Fault,
        }
    }

    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Id => id::text(self),
            Language::En => en::text(self),
        }
    }
}

/// A multiple of the tolerance, short: `0.03`, `120`, `> 10^12`.
pub fn excess_text(excess: f64) -> String {
    if excess >= Calibration::MAX_EXCESS {
        "> 10^12".into()
    } else if excess >= 100.0 {
        format!("{excess:.0}")
    } else if excess >= 0.01 {
        format!("{excess:.2}")
    } else if excess == 0.0 {
        "0".into()
    } else {
        format!("{excess:.0e}")
    }
}
