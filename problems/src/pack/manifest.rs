//! The shape of `problem.toml` and `submissions/expected.toml`, as written.
//! `check` turns it into the model; spans lead errors back to their lines.

use super::calibrated::Calibrated;
use super::checker::CheckToml;
use super::model::{CaseScoring, InputDType, OutputKind, Tolerance};
use super::model_kind::ModelToml;
use super::notebook::NotebookToml;
use super::policy::ScorePolicy;
use super::prediction::PredictionToml;
use super::trace::TraceToml;
use super::variants::{VariantsToml, VariesToml};
use crate::ids::{FieldName, MisconceptionName, SubtaskName};
use crate::language::Localized;
use crate::verdict::Verdict;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: Spanned<u32>,
    pub kind: Spanned<String>,
    pub chapter: Spanned<u8>,
    pub section: Spanned<String>,
    pub title: Localized,
    #[serde(default)]
    pub inputs: Vec<Spanned<InputToml>>,
    /// Kind `answer`.
    #[serde(default)]
    pub fields: Vec<Spanned<FieldToml>>,
    /// Kind `answer`: fields that `checker.py` judges together.
    #[serde(default)]
    pub checks: Vec<Spanned<CheckToml>>,
    /// Kind `answer`: the same task with other numbers.
    pub variants: Option<Spanned<VariantsToml>>,
    /// Kind `function`.
    pub function: Option<Spanned<FunctionToml>>,
    #[serde(default)]
    pub subtasks: Vec<Spanned<SubtaskToml>>,
    #[serde(default)]
    pub samples: Vec<Spanned<SampleToml>>,
    pub tolerance: Option<Spanned<Tolerance>>,
    pub limits: Option<Spanned<LimitsToml>>,
    /// Kind `prediction`.
    pub prediction: Option<Spanned<PredictionToml>>,
    /// Kind `model`.
    pub model: Option<Spanned<ModelToml>>,
    /// Kind `notebook`, beside what kind `function` has.
    pub notebook: Option<Spanned<NotebookToml>>,
    /// Intermediate values of the right computation.
    pub trace: Option<Spanned<TraceToml>>,
    /// Which of a student's submissions count: the best for each part, the best as a
    /// whole, or the last.
    #[serde(default)]
    pub scoring: ScorePolicy,
    /// How often one student may hand in; absent: without end.
    pub attempts: Option<Spanned<u32>>,
    /// Opened one by one, in this order.
    #[serde(default)]
    pub hints: Vec<Spanned<HintToml>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HintToml {
    /// Markdown with LaTeX between dollar signs.
    pub text: Localized,
    /// Points that opening it costs, where the place counts them.
    #[serde(default)]
    pub cost: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputToml {
    pub name: FieldName,
    #[serde(default = "float64")]
    pub dtype: InputDType,
    /// A number or nested lists of numbers.
    pub value: Option<toml::Value>,
    pub shape: Option<Vec<ExtentToml>>,
    pub uniform: Option<[f64; 2]>,
    pub normal: Option<[f64; 2]>,
    pub integers: Option<[i64; 2]>,
    /// A text, list or dictionary, the same in every case.
    pub json: Option<toml::Value>,
    /// One of these texts, lists or dictionaries is drawn.
    pub one_of: Option<Vec<toml::Value>>,
    /// A list whose items are drawn from these; `shape` has its length.
    pub list_of: Option<Vec<toml::Value>>,
    /// Kind `answer`: what the elements are in other variants; `value` has those of
    /// the first.
    pub varies: Option<VariesToml>,
}

fn float64() -> InputDType {
    InputDType::Float64
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum ExtentToml {
    Number(u32),
    Text(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldToml {
    pub name: FieldName,
    #[serde(default, rename = "type")]
    pub takes: FieldType,
    pub label: Localized,
    #[serde(default)]
    pub shape: Vec<usize>,
    pub points: u32,
    /// Needed for numbers.
    pub decimals: Option<u32>,
    #[serde(default)]
    pub slack_units: f64,
    /// Error carried forward.
    pub carry: Option<CarryToml>,
    /// Types `choice` and `choices`.
    #[serde(default)]
    pub options: Vec<OptionToml>,
    /// Types `choice` and `choices`: keep the verdict back until all is right;
    /// true unless the pack says otherwise.
    pub withheld: Option<bool>,
    /// Type `trace`.
    pub rows: Option<usize>,
    #[serde(default)]
    pub columns: Vec<ColumnToml>,
    /// Type `trace`: columns in front of each row that are shown, not typed.
    #[serde(default)]
    pub given: Vec<GivenToml>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    #[default]
    Number,
    Integer,
    Shape,
    /// One of the options.
    Choice,
    /// Any of the options.
    Choices,
    /// A table of steps.
    Trace,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionToml {
    pub name: FieldName,
    pub text: Localized,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnToml {
    /// The same in both languages: `w₁`, `ŷ`.
    pub label: String,
    /// Absent: whole numbers, exactly.
    pub decimals: Option<u32>,
    #[serde(default)]
    pub slack_units: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenToml {
    pub label: String,
    /// A number or a text for each row.
    pub values: Vec<toml::Value>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarryToml {
    /// Earlier fields that the function takes besides inputs. A trace is always
    /// given itself, as it was typed.
    #[serde(default)]
    pub from: Vec<FieldName>,
    /// A function of `reference.py`.
    pub function: String,
    #[serde(default = "whole")]
    pub share: f64,
}

fn whole() -> f64 {
    1.0
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionToml {
    /// Not needed where a notebook's variables are looked at.
    #[serde(default)]
    pub name: String,
    pub seed: u64,
    pub outputs: Vec<OutputToml>,
    /// Names that the student's program may not use: `np.convolve`, `sorted`,
    /// `.sort` (of anything), or pieces of syntax such as `for` and `@`.
    #[serde(default)]
    pub must_not_use: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputToml {
    pub name: FieldName,
    pub kind: OutputKind,
    /// Needed where a checker judges: nothing else says what shape is right.
    pub shape: Option<Vec<ExtentToml>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubtaskToml {
    pub name: SubtaskName,
    pub title: Localized,
    pub points: u32,
    pub cases: u32,
    #[serde(default)]
    pub open_cases: u32,
    #[serde(default)]
    pub scoring: CaseScoring,
    #[serde(default)]
    pub requires: Vec<SubtaskName>,
    #[serde(default)]
    pub dims: BTreeMap<String, [usize; 2]>,
    #[serde(default)]
    pub shapes: BTreeMap<FieldName, Vec<ExtentToml>>,
    pub reference: Option<String>,
    /// As `trace.function`, for this subtask.
    pub trace: Option<String>,
    pub driver: Option<String>,
    /// The student's function that this subtask calls, where there are several.
    pub function: Option<String>,
    /// Which inputs it takes, in the order of its parameters; all unless said.
    pub inputs: Option<Vec<FieldName>>,
    /// What it returns, where that is not what [function] says.
    pub outputs: Option<Vec<OutputToml>>,
    /// A function of `checker.py` that judges instead of the reference.
    pub check: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleToml {
    pub subtask: SubtaskName,
    #[serde(default)]
    pub dims: BTreeMap<String, usize>,
    pub seed: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsToml {
    /// Units of fuel that one case may use, about one for each WebAssembly
    /// instruction; `pack calibrate` writes it.
    pub fuel: u64,
    /// How the fuel was measured; `pack calibrate` writes it.
    pub calibrated: Option<Calibrated>,
    #[serde(default = "default_memory_mib")]
    pub memory_mib: u64,
    #[serde(default = "default_output_kib")]
    pub output_kib: u64,
    #[serde(default = "default_wall_s")]
    pub wall_s: u64,
}

fn default_memory_mib() -> u64 {
    256
}
fn default_output_kib() -> u64 {
    64
}
fn default_wall_s() -> u64 {
    60
}

/// `submissions/expected.toml`: path below `submissions/` → what it must get.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct ExpectedToml(pub BTreeMap<String, Spanned<ExpectedEntry>>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedEntry {
    pub verdict: Verdict,
    pub score: f64,
    /// The one that must be diagnosed; absent: none may be.
    pub misconception: Option<MisconceptionName>,
    /// Kinds `prediction` and `model`: the rule of the flaw that must be told
    /// of; absent: none may be.
    pub flaw: Option<String>,
    /// Kind `answer`: for which variant it is; the first is 0.
    #[serde(default)]
    pub variant: u32,
}

/// `misconceptions/text.toml`: name → what the student reads, in Markdown with
/// LaTeX between dollar signs.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct MisconceptionsToml(pub BTreeMap<MisconceptionName, Spanned<Localized>>);

/// An example submission to an `answer` pack: field name → a typed text, a list
/// of them, or a list of lists (a grid).
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct AnswerToml(pub BTreeMap<String, toml::Value>);
