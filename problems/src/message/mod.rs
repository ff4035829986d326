//! What the grader says to a student, as data: reports keep the message, pages
//! say it in the reader's language.
//!
//! A message tells what was wrong, where, and what to do. Those that carry an
//! expected value ([`Message::shows_expected`]) are for practice only.

mod en;
mod file;
mod id;
mod json;
mod network;
mod rule;

pub use file::{FileFault, Found, Wanted};
pub use json::{JsonFault, JsonKind};
pub use network::NetworkFault;
pub use rule::{Breach, BrokenRule};

use crate::language::Language;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Message {
    // The program.
    /// `line` is the student's own line, `text` what stands there.
    SyntaxError {
        detail: String,
        line: Option<u32>,
        text: String,
    },
    FunctionMissing {
        function: String,
        defined: Vec<String>,
    },
    Exception {
        kind: String,
        detail: String,
        frames: Vec<Frame>,
    },
    OutOfFuel {
        limit: u64,
    },
    WallLimit {
        limit_ms: u64,
    },
    OutOfMemory {
        limit_bytes: u64,
    },
    OutputLimit {
        limit_bytes: u64,
    },
    /// The source uses what the pack forbids; nothing was run. The first so many
    /// places, in the order of lines.
    RulesBroken {
        places: Vec<BrokenRule>,
    },
    /// Too long or too deeply nested to be looked at before it is run.
    NotLookedThrough,
    /// The program ended itself (`sys.exit`, `os._exit`, `abort`).
    Exited,
    /// The interpreter itself broke under it: a stack or memory corrupted.
    InterpreterCrashed,

    // What it returned, in the order of the checks.
    ReturnedNothing {
        function: String,
    },
    BadReturn {
        type_name: String,
        reason: BadReturn,
    },
    WrongContainer {
        expected: Container,
        got: Container,
    },
    WrongShape {
        output: Option<String>,
        expected: Vec<usize>,
        got: Vec<usize>,
    },
    WrongKind {
        output: Option<String>,
        expected: NumberKind,
        got: String,
    },
    NotFinite {
        output: Option<String>,
        place: String,
        value: String,
    },
    /// `place` is the worst element.
    WrongValues {
        output: Option<String>,
        wrong: usize,
        total: usize,
        place: String,
        got: String,
        expected: String,
    },
    /// Texts, lists or dictionaries that differ: where first, and how.
    WrongJson {
        /// As a program would write it: `result["a"][2]`.
        place: String,
        fault: JsonFault,
    },
    /// Right but for rounding: inside the wider band, outside the tolerance.
    LessPrecise {
        output: Option<String>,
        wrong: usize,
        total: usize,
        place: String,
        got: String,
        expected: String,
        tolerance: String,
        /// Where the values themselves tell it.
        #[serde(default)]
        cause: Option<PrecisionLoss>,
    },

    // A hand-computed field.
    CellEmpty,
    CellNotANumber {
        typed: String,
    },
    CellThousandsSeparator {
        typed: String,
    },
    CellNotFinite {
        typed: String,
    },
    CellTooLong,
    CellWrong,
    /// A fraction where a whole number is asked for.
    CellNotWhole {
        typed: String,
    },
    CellNotAShape {
        typed: String,
    },
    /// Not among the options of the form.
    CellNotAnOption {
        typed: String,
    },
    /// A choice whose verdict waits until everything is right.
    CellWithheld,
    /// A name in an expression that is neither a function nor a constant.
    CellUnknownName {
        typed: String,
        name: String,
    },
    /// Not the right value, but what follows from the student's own earlier ones.
    /// In a trace `from` is empty: it follows from the rows above.
    CellCarried {
        from: Vec<String>,
    },
    /// Near, but not to the decimals asked for.
    CellLessPrecise {
        decimals: u32,
    },
    FieldShape {
        expected: Vec<usize>,
        got: Vec<usize>,
    },

    // *Run* on own input.
    /// A parameter that the typed code does not assign.
    InputMissing {
        input: String,
    },

    /// A notebook leaves no variable of a name that the pack asks for.
    VariableMissing {
        variable: String,
    },

    // An uploaded file.
    /// All that is wrong with its form, the first so many in full; costs no attempt.
    FileFaults {
        name: String,
        faults: Vec<FileFault>,
        /// Further ones that are not listed.
        more: u64,
    },
    /// What the pack's checker says; the text is the pack's.
    Checked {
        text: crate::language::Localized,
    },
    /// A file of weights, a list of layers, or what comes out.
    Network {
        what: NetworkFault,
    },
    /// A mistake that the predictions themselves show; the text is the pack's.
    Flaw {
        text: crate::language::Localized,
        /// It tells of part B, and is told when that is opened.
        #[serde(default)]
        on_b: bool,
    },

    // Ours.
    JudgeError {
        incident: String,
    },
}

/// Why values are nearly right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrecisionLoss {
    /// Every value is the right one rounded to so many decimals.
    Rounded { decimals: u32 },
    /// The values are float32.
    Float32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub file: String,
    pub line: u32,
    pub function: String,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadReturn {
    ObjectDtype,
    UnsupportedType,
    TooLarge,
    Malformed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    Single,
    Tuple { length: usize },
    Dict { length: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberKind {
    Float,
    Integer,
    Boolean,
}

impl Message {
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Id => id::text(self),
            Language::En => en::text(self),
        }
    }

    /// Whether the text is a sentence and a list, a line for each of its items.
    pub fn is_list(&self) -> bool {
        matches!(
            self,
            Message::FileFaults { .. }
                | Message::Network {
                    what: NetworkFault::Weights { .. }
                }
        )
    }

    /// Whether the text tells an expected value, or how near the answer was.
    pub fn shows_expected(&self) -> bool {
        matches!(
            self,
            Message::WrongValues { .. }
                | Message::LessPrecise { .. }
                | Message::WrongJson { .. }
                | Message::CellLessPrecise { .. }
                | Message::CellCarried { .. }
                | Message::NotFinite { .. }
        )
    }
}

/// An output's name in quotes before the sentence, or nothing.
fn of_output(output: &Option<String>) -> String {
    output
        .as_ref()
        .map(|name| format!("`{name}`: "))
        .unwrap_or_default()
}

fn traceback(frames: &[Frame], line: &str) -> String {
    let mut text = String::new();
    for frame in frames {
        text.push_str(&format!(
            "\n  {}, {line} {}, {}",
            frame.file, frame.line, frame.function
        ));
        if !frame.text.is_empty() {
            text.push_str(&format!("\n    {}", frame.text));
        }
    }
    text
}

/// Names in code marks, separated by commas.
fn quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

fn mebibytes(bytes: u64) -> u64 {
    bytes >> 20
}

fn kibibytes(bytes: u64) -> u64 {
    bytes >> 10
}

#[cfg(test)]
mod tests;
