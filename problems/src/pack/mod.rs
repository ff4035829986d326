//! A pack is a folder; this reads it, checks it and gives it a hash.
//!
//! ```text
//! ch5-gru-cell/
//!   problem.toml                         manifest.rs: what it may say
//!   statement/problem.id.md, .en.md      Markdown with LaTeX maths
//!   reference.py                         TorchScript text: the right answer …
//!   checker.py, checker.toml             … or what judges where it is not one value
//!   misconceptions/<name>.py             optional: wrong references …
//!   misconceptions/text.toml             … and what who has them reads
//!   data/                                kinds prediction, model, notebook: hidden rows, files to take
//!   starter.py                           kind function: what the editor opens with
//!   driver.py                            optional: other ways to call the student's function
//!   submissions/expected.toml            the verdict and score of each example
//!   submissions/accepted/…, wrong_answer/…
//! ```
//!
//! Loading has three steps: `manifest` is the shape of the TOML, `check` turns it
//! into the domain's types or says where it is wrong, `files` reads the rest.

pub mod archive;
mod calibrated;
mod check;
mod checker;
mod error;
mod example;
mod field;
mod files;
mod flaw;
mod forbidden;
mod function_kind;
mod hash;
mod manifest;
mod metric;
mod model;
mod model_kind;
mod notebook;
mod policy;
mod prediction;
pub mod schema;
mod scoring;
mod shape;
mod suggestion;
mod trace;
mod variants;

pub use calibrated::{Calibrated, DEFAULT_MULTIPLE, LEAST_LIMIT, MULTIPLES};
pub use checker::{CHECKER_FILE, Check, Checker};
pub use error::PackError;
pub use example::ExampleSubmission;
pub use field::{Choice, ChoiceOption, Entry, GivenColumn, Precision, Trace, TraceColumn};
pub use files::{EXPECTED_FILE, MANIFEST_FILE, REFERENCE_FILE};
pub use forbidden::Forbidden;
pub use function_kind::{
    CaseScoring, Distribution, FunctionKind, Input, InputDType, InputValue, Isolation, Limits,
    OutputKind, OutputSpec, SampleSpec, Subtask, Tolerance,
};
pub use hash::list_files;
pub use metric::{Compares, Metric};
pub use model::{AnswerKind, Carry, Field, Hint, Kind, Misconception, Pack, Statement};
pub use model_kind::{ModelFlaw, ModelFlawRule, ModelKind, Network, OwnNetwork};
pub use notebook::NotebookKind;
pub use policy::{PartScores, Reached, ScorePolicy};
pub use prediction::{
    Column, ColumnKind, Flaw, FlawRule, MAX_LABELS_BYTES, PredictionKind, TableFormat,
};
pub use scoring::{SPLIT_SUBTASK, Scoring, Threshold};
pub use shape::{Dims, Extent};
pub use trace::{Reveal, TraceSpec};
pub use variants::Variants;

#[cfg(test)]
mod tests;
