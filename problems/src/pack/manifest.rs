//! The shape of `problem.toml` and `submissions/expected.toml`, as written.
//! `check` turns it into the model; spans lead errors back to their lines.
//!
//! What stands above a field here is what an editor shows beside the key
//! (`schema`), so it is written for those who write packs.

use super::calibrated::Calibrated;
use super::checker::CheckToml;
use super::function_kind::{CaseScoring, InputDType, Isolation, OutputKind, Tolerance};
use super::model_kind::ModelToml;
use super::notebook::NotebookToml;
use super::policy::ScorePolicy;
use super::prediction::PredictionToml;
use super::schema::{KindName, Numbers};
use super::trace::TraceToml;
use super::variants::{VariantsToml, VariesToml};
use crate::ids::{FieldName, MisconceptionName, SubtaskName};
use crate::language::Localized;
use crate::verdict::Verdict;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A problem of Gradien: `problem.toml` of a pack.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the pack format: 1.
    #[schemars(with = "u32", range(min = 1, max = 1))]
    pub format: Spanned<u32>,
    /// What students hand in.
    #[schemars(with = "KindName")]
    pub kind: Spanned<String>,
    /// The module's chapter, 1 to 6.
    #[schemars(with = "u8", range(min = 1, max = 6))]
    pub chapter: Spanned<u8>,
    /// The module's section, which begins with the chapter: `"5.1.3"`.
    #[schemars(with = "String", regex(pattern = r"^[1-6](\.[0-9]+)+$"))]
    pub section: Spanned<String>,
    /// The problem's name.
    pub title: Localized,
    /// What is given. The reference takes the inputs by their names; kind
    /// `function` gives them to the student's function in this order.
    #[serde(default)]
    #[schemars(with = "Vec<InputToml>")]
    pub inputs: Vec<Spanned<InputToml>>,
    /// Kind `answer`: what students fill in, in the order in which the reference
    /// gives the right values.
    #[serde(default)]
    #[schemars(with = "Vec<FieldToml>")]
    pub fields: Vec<Spanned<FieldToml>>,
    /// Kind `answer`: fields that `checker.py` judges together, because their
    /// right answer is not one value.
    #[serde(default)]
    #[schemars(with = "Vec<CheckToml>")]
    pub checks: Vec<Spanned<CheckToml>>,
    /// Kind `answer`: the same task with other numbers, so that neighbours cannot
    /// copy.
    #[schemars(with = "Option<VariantsToml>")]
    pub variants: Option<Spanned<VariantsToml>>,
    /// Kinds `function` and `notebook`: what is called, and what it gives.
    #[schemars(with = "Option<FunctionToml>")]
    pub function: Option<Spanned<FunctionToml>>,
    /// Kinds `function` and `notebook`: groups of hidden cases with points.
    #[serde(default)]
    #[schemars(with = "Vec<SubtaskToml>")]
    pub subtasks: Vec<Spanned<SubtaskToml>>,
    /// Kinds `function` and `notebook`: cases that the problem's page shows.
    #[serde(default)]
    #[schemars(with = "Vec<SampleToml>")]
    pub samples: Vec<Spanned<SampleToml>>,
    /// Kinds `function` and `notebook`: how near a number must be.
    #[schemars(with = "Option<Tolerance>")]
    pub tolerance: Option<Spanned<Tolerance>>,
    /// Kinds `function` and `notebook`: what one case may use.
    #[schemars(with = "Option<LimitsToml>")]
    pub limits: Option<Spanned<LimitsToml>>,
    /// Kind `prediction`: the table that is handed in, and how it is measured.
    #[schemars(with = "Option<PredictionToml>")]
    pub prediction: Option<Spanned<PredictionToml>>,
    /// Kind `model`: the network whose weights are handed in, and how it is
    /// measured.
    #[schemars(with = "Option<ModelToml>")]
    pub model: Option<Spanned<ModelToml>>,
    /// Kind `notebook`: what it has beside what kind `function` has.
    #[schemars(with = "Option<NotebookToml>")]
    pub notebook: Option<Spanned<NotebookToml>>,
    /// Intermediate values of the right computation, shown after a wrong answer.
    #[schemars(with = "Option<TraceToml>")]
    pub trace: Option<Spanned<TraceToml>>,
    /// Which of a student's submissions count: the best for each part, the best as a
    /// whole, or the last.
    #[serde(default)]
    pub scoring: ScorePolicy,
    /// How often one student may hand in; absent: without end.
    #[schemars(with = "Option<u32>", range(min = 1, max = 1000))]
    pub attempts: Option<Spanned<u32>>,
    /// Whether two misconceptions at once are found too: what their files change in the
    /// reference is put together, where they change different places of it.
    #[serde(default)]
    pub combine_misconceptions: bool,
    /// Steps towards the solution, opened one by one, in this order.
    #[serde(default)]
    #[schemars(with = "Vec<HintToml>")]
    pub hints: Vec<Spanned<HintToml>>,
}

/// A hint.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HintToml {
    /// Markdown with LaTeX between dollar signs.
    pub text: Localized,
    /// Points that opening it costs, where the place counts them.
    #[serde(default)]
    #[schemars(range(max = 100))]
    pub cost: u32,
}

/// An input: a `value`, or a `shape` with one of `normal`, `uniform` and
/// `integers`, or one of `json`, `one_of` and `list_of`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InputToml {
    /// The parameter's name.
    pub name: FieldName,
    /// The type of its numbers; `"float64"` unless said otherwise.
    #[serde(default = "float64")]
    pub dtype: InputDType,
    /// A number or nested lists of numbers, the same in every case.
    #[schemars(with = "Option<Numbers>")]
    pub value: Option<toml::Value>,
    /// The extent of each axis: a number, the name of a dimension, or a sum such
    /// as `"m + n"`; `[]` is a single number.
    pub shape: Option<Vec<ExtentToml>>,
    /// Drawn evenly from `[low, high)`.
    pub uniform: Option<[f64; 2]>,
    /// Drawn from a normal distribution: `[mean, standard deviation]`.
    pub normal: Option<[f64; 2]>,
    /// Whole numbers from `[low, high]`, both included.
    pub integers: Option<[i64; 2]>,
    /// A text, list or dictionary, the same in every case.
    #[schemars(with = "Option<serde_json::Value>")]
    pub json: Option<toml::Value>,
    /// One of these texts, lists or dictionaries is drawn.
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    pub one_of: Option<Vec<toml::Value>>,
    /// A list whose items are drawn from these; `shape` has its length.
    #[schemars(with = "Option<Vec<serde_json::Value>>")]
    pub list_of: Option<Vec<toml::Value>>,
    /// Kind `answer`: what the elements are in other variants; `value` has those of
    /// the first.
    pub varies: Option<VariesToml>,
}

fn float64() -> InputDType {
    InputDType::Float64
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ExtentToml {
    /// So many elements.
    Number(u32),
    /// The name of a dimension, or a sum such as `m + n + 1`.
    Text(String),
}

/// A field of kind `answer`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldToml {
    /// What examples, carries and steps call it.
    pub name: FieldName,
    /// What is filled in: numbers unless said otherwise.
    #[serde(default, rename = "type")]
    pub takes: FieldType,
    /// What stands beside it on the page.
    pub label: Localized,
    /// Types `number` and `integer`: `[]` one number, `[3]` a row, `[2, 3]` a grid.
    #[serde(default)]
    pub shape: Vec<usize>,
    /// Earned in proportion to the right cells.
    #[schemars(range(min = 1))]
    pub points: u32,
    /// Type `number`: digits after the point that are asked for.
    #[schemars(range(max = 12))]
    pub decimals: Option<u32>,
    /// Type `number`: room for rounded intermediate values, in units of the last
    /// digit.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    pub slack_units: f64,
    /// Error carried forward: what follows rightly from wrong earlier values.
    pub carry: Option<CarryToml>,
    /// Types `choice` and `choices`; the reference counts them from 0.
    #[serde(default)]
    pub options: Vec<OptionToml>,
    /// Types `choice` and `choices`: keep the verdict back until all is right;
    /// true unless the pack says otherwise.
    pub withheld: Option<bool>,
    /// Type `trace`: how many steps.
    #[schemars(range(min = 1, max = 60))]
    pub rows: Option<usize>,
    /// Type `trace`: what is typed in each step, from left to right.
    #[serde(default)]
    pub columns: Vec<ColumnToml>,
    /// Type `trace`: columns in front of each row that are shown, not typed.
    #[serde(default)]
    pub given: Vec<GivenToml>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// Numbers, to the field's decimals.
    #[default]
    Number,
    /// Whole numbers, exactly.
    Integer,
    /// A shape as NumPy writes it: `(32, 10)`.
    Shape,
    /// One of the options.
    Choice,
    /// Any of the options.
    Choices,
    /// A table of steps.
    Trace,
}

/// An option of a choice.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionToml {
    /// What examples call it.
    pub name: FieldName,
    /// What students read.
    pub text: Localized,
}

/// A column of a trace.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnToml {
    /// The same in both languages: `w₁`, `ŷ`.
    pub label: String,
    /// Digits after the point; absent: whole numbers, exactly.
    #[schemars(range(max = 12))]
    pub decimals: Option<u32>,
    /// Room for rounded intermediate values, in units of the last digit.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100))]
    pub slack_units: f64,
}

/// A column of a trace that is shown.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GivenToml {
    /// The same in both languages.
    pub label: String,
    /// A number or a text for each row.
    #[schemars(with = "Vec<serde_json::Value>")]
    pub values: Vec<toml::Value>,
}

/// Error carried forward: the field is also compared with what `function` gives
/// from the student's own earlier values.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CarryToml {
    /// Earlier fields that the function takes besides inputs. A trace is always
    /// given itself, as it was typed.
    #[serde(default)]
    pub from: Vec<FieldName>,
    /// A function of `reference.py`; it takes those fields and inputs by name.
    pub function: String,
    /// How much of the points it earns: above 0, at most 1.
    #[serde(default = "whole")]
    #[schemars(range(min = 0, max = 1))]
    pub share: f64,
}

fn whole() -> f64 {
    1.0
}

/// The student's function.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FunctionToml {
    /// Its name. Not needed where a notebook's variables are looked at.
    #[serde(default)]
    pub name: String,
    /// Any whole number: all hidden cases are drawn from it.
    pub seed: u64,
    /// Draws the hidden cases in the place of `seed`, which then draws the samples
    /// alone: so a contest has cases of its own, and the page stays the same.
    pub case_seed: Option<u64>,
    /// One: the function returns it bare. More: a tuple in this order, or a
    /// dictionary by these names.
    pub outputs: Vec<OutputToml>,
    /// Whether one instance of the sandbox runs the cases of a subtask in a row, so
    /// that what the program keeps in its variables passes from case to case, or each
    /// case has a fresh one. In a row is faster; a case that fails there is run again in
    /// a fresh instance, and only that counts. Ask for `"case"` where a program must not
    /// learn from earlier cases, say where its speed is the point.
    #[serde(default)]
    pub isolation: Isolation,
    /// Names that the student's program may not use: `np.convolve`, `sorted`,
    /// `.sort` (of anything), or pieces of syntax such as `for` and `@`.
    #[serde(default)]
    pub must_not_use: Vec<String>,
}

/// A value that the function returns.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutputToml {
    /// What messages call it, and its key where the function returns a dictionary.
    pub name: FieldName,
    /// What its elements are.
    pub kind: OutputKind,
    /// Needed where a checker judges: nothing else says what shape is right.
    pub shape: Option<Vec<ExtentToml>>,
}

/// A group of hidden cases.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubtaskToml {
    /// What samples and `requires` call it.
    pub name: SubtaskName,
    /// What students read.
    pub title: Localized,
    /// What it is worth.
    #[schemars(range(min = 1))]
    pub points: u32,
    /// How many cases are drawn.
    #[schemars(range(min = 1, max = 200))]
    pub cases: u32,
    /// The first so many cases are shown in full after a failure in practice.
    #[serde(default)]
    pub open_cases: u32,
    /// Whether one failed case loses all points.
    #[serde(default)]
    pub scoring: CaseScoring,
    /// Earlier subtasks without which this one is not run.
    #[serde(default)]
    pub requires: Vec<SubtaskName>,
    /// The range `[low, high]` that each dimension is drawn from, for each case.
    #[serde(default)]
    pub dims: BTreeMap<String, [usize; 2]>,
    /// Shapes of inputs that differ from their own in this subtask.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Vec<ExtentToml>>")]
    pub shapes: BTreeMap<FieldName, Vec<ExtentToml>>,
    /// The function of `reference.py` that gives the right answer; `"reference"`
    /// unless said otherwise.
    pub reference: Option<String>,
    /// As `trace.function`, for this subtask.
    pub trace: Option<String>,
    /// A function of `driver.py` that calls the student's in another way.
    pub driver: Option<String>,
    /// The student's function that this subtask calls, where there are several.
    pub function: Option<String>,
    /// Which inputs it takes, in the order of its parameters; all unless said.
    pub inputs: Option<Vec<FieldName>>,
    /// What it returns, where that is not what `[function]` says.
    pub outputs: Option<Vec<OutputToml>>,
    /// A function of `checker.py` that judges instead of the reference.
    pub check: Option<String>,
}

/// A case that the problem's page shows in full.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SampleToml {
    /// The subtask whose case it shows.
    pub subtask: SubtaskName,
    /// The size of each of the subtask's dimensions.
    #[serde(default)]
    pub dims: BTreeMap<String, usize>,
    /// Any whole number: the sample is drawn from it.
    pub seed: u64,
}

/// What one case may use.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsToml {
    /// Units that one case may use, about one for each WebAssembly instruction;
    /// accepted solutions must use less than half. `pack calibrate` writes it.
    #[schemars(range(min = 1))]
    pub fuel: u64,
    /// How the fuel was measured; `pack calibrate` writes it.
    pub calibrated: Option<Calibrated>,
    /// Memory, the interpreter's included.
    #[serde(default = "default_memory_mib")]
    #[schemars(range(min = 96, max = 2048))]
    pub memory_mib: u64,
    /// What it may print.
    #[serde(default = "default_output_kib")]
    #[schemars(range(min = 1, max = 1024))]
    pub output_kib: u64,
    /// A backstop of real time, far beyond what the fuel can take.
    #[serde(default = "default_wall_s")]
    #[schemars(range(min = 1, max = 600))]
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
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ExpectedToml(
    #[schemars(with = "BTreeMap<String, ExpectedEntry>")]
    pub  BTreeMap<String, Spanned<ExpectedEntry>>,
);

/// What an example must get.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectedEntry {
    /// Its folder is named after it: `AC` lies in `accepted/`, `WA` in
    /// `wrong_answer/`.
    pub verdict: Verdict,
    /// With at most two decimals, as reports round: down.
    #[schemars(range(min = 0))]
    pub score: f64,
    /// The one that must be diagnosed, or a list of two at once; absent: none may be.
    pub misconception: Option<NamesToml>,
    /// Kinds `prediction` and `model`: the rule of the flaw that must be told
    /// of; absent: none may be.
    pub flaw: Option<String>,
    /// Kind `answer`: for which variant it is; the first is 0.
    #[serde(default)]
    pub variant: u32,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NamesToml {
    /// One name.
    One(MisconceptionName),
    /// Several names.
    All(Vec<MisconceptionName>),
}

impl NamesToml {
    /// In the pack's order, which is that of the names.
    pub fn sorted(self) -> Vec<MisconceptionName> {
        let mut names = match self {
            NamesToml::One(name) => vec![name],
            NamesToml::All(names) => names,
        };
        names.sort();
        names
    }
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
