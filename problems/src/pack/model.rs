//! A checked pack: what is here holds, so nobody has to check it again.

use super::calibrated::Calibrated;
use super::checker::{Check, Checker};
use super::field::Entry;
use super::forbidden::Forbidden;
use super::model_kind::ModelKind;
use super::notebook::NotebookKind;
use super::policy::ScorePolicy;
use super::prediction::PredictionKind;
use super::scoring::SPLIT_SUBTASK;
use super::shape::{Dims, Extent};
use super::trace::TraceSpec;
use super::variants::Variants;
use crate::given::{self, Given};
use crate::ids::{FieldName, MisconceptionName, PackHash, PackSlug, SubtaskName};
use crate::language::{Language, Localized};
use crate::message::{Message, NumberKind};
use crate::protocol::Submission;
use crate::report::Report;
use crate::score::Score;
use crate::verdict::Verdict;
use schemars::JsonSchema;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(Debug, Clone)]
pub struct Pack {
    pub slug: PackSlug,
    pub hash: PackHash,
    pub folder: PathBuf,
    pub title: Localized,
    /// The module's chapter, 1 to 6.
    pub chapter: u8,
    /// The module's section: `5.1.3`.
    pub section: String,
    pub statement: Statement,
    /// TorchScript text.
    pub reference: String,
    pub kind: Kind,
    /// Wrong references, in the order of their names.
    pub misconceptions: Vec<Misconception>,
    /// Intermediate values of the right computation.
    pub trace: Option<TraceSpec>,
    /// How often one student may hand in, at least 1; `None`: without end.
    pub attempts: Option<u32>,
    /// Which of a student's submissions count.
    pub scoring: ScorePolicy,
    /// Opened one by one, in this order.
    pub hints: Vec<Hint>,
    pub submissions: Vec<ExampleSubmission>,
}

impl Pack {
    /// A text of this pack with the numbers of a variant in their places; those that
    /// the pack declares where `given` is empty.
    pub fn fill<'a>(&self, text: &'a str, given: &[Given]) -> Cow<'a, str> {
        match &self.kind {
            Kind::Answer(answer) if answer.variants.is_some() => match given {
                [] => given::fill(text, &answer.given()).into(),
                given => given::fill(text, given).into(),
            },
            _ => text.into(),
        }
    }

    /// As [`Pack::fill`], in both languages.
    pub fn fill_both(&self, text: &Localized, given: &[Given]) -> Localized {
        Localized {
            id: self.fill(&text.id, given).into_owned(),
            en: self.fill(&text.en, given).into_owned(),
        }
    }

    pub fn max_score(&self) -> Score {
        let points = self.parts().map(|(_, points)| points);
        points.map(Score::from_points).sum()
    }

    /// What a report has a subtask for, with its points: subtasks, the fields of an
    /// answer, or the one split that is scored.
    pub fn parts(&self) -> Box<dyn Iterator<Item = (&str, u32)> + '_> {
        match &self.kind {
            Kind::Answer(answer) => {
                let fields = answer.fields.iter();
                Box::new(fields.map(|field| (field.name.as_str(), field.points)))
            }
            Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
                let subtasks = function.subtasks.iter();
                Box::new(subtasks.map(|subtask| (subtask.name.as_str(), subtask.points)))
            }
            Kind::Prediction(PredictionKind { scoring, .. })
            | Kind::Model(ModelKind { scoring, .. }) => {
                Box::new(std::iter::once((SPLIT_SUBTASK, scoring.points)))
            }
        }
    }
}

/// A wrong reference: whoever's answer agrees with it and not with the right
/// one reads its text.
#[derive(Debug, Clone)]
pub struct Misconception {
    pub name: MisconceptionName,
    /// Markdown with LaTeX between dollar signs.
    pub text: Localized,
    /// TorchScript, with functions of the same names and parameters as in
    /// `reference.py`; those that it lacks it says nothing of.
    pub source: String,
}

impl Misconception {
    /// Where its source stands in the pack: `misconceptions/relu.py`.
    pub fn file(&self) -> String {
        format!("{MISCONCEPTIONS_FOLDER}/{}.py", self.name)
    }
}

pub const MISCONCEPTIONS_FOLDER: &str = "misconceptions";

/// A step towards the solution that a student may ask for.
#[derive(Debug, Clone)]
pub struct Hint {
    /// Markdown with LaTeX between dollar signs.
    pub text: Localized,
    /// What opening it costs, where the place counts it.
    pub cost: Score,
}

/// The task's text in Markdown with LaTeX between dollar signs.
#[derive(Debug, Clone)]
pub struct Statement {
    pub id: String,
    pub en: String,
}

impl Statement {
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Id => &self.id,
            Language::En => &self.en,
        }
    }
}

#[derive(Debug, Clone)]
pub enum Kind {
    Answer(AnswerKind),
    Function(FunctionKind),
    Prediction(PredictionKind),
    Model(ModelKind),
    Notebook(NotebookKind),
}

impl Kind {
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Answer(_) => "answer",
            Kind::Function(_) => "function",
            Kind::Prediction(_) => "prediction",
            Kind::Model(_) => "model",
            Kind::Notebook(_) => "notebook",
        }
    }

    /// What the student's program must define: of kinds `function` and `notebook`.
    pub fn find_function(&self) -> Option<&FunctionKind> {
        match self {
            Kind::Function(function) => Some(function),
            Kind::Notebook(notebook) => Some(&notebook.function),
            Kind::Answer(_) | Kind::Prediction(_) | Kind::Model(_) => None,
        }
    }

    /// Whether some right answer is a value that `reference.py` gives.
    pub fn needs_reference(&self) -> bool {
        match self {
            Kind::Answer(answer) => answer.referenced().next().is_some(),
            Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => function
                .subtasks
                .iter()
                .any(|subtask| subtask.check.is_none()),
            Kind::Prediction(_) | Kind::Model(_) => false,
        }
    }

    /// What judges where the right answer is not one value.
    pub fn find_checker(&self) -> Option<&Checker> {
        match self {
            Kind::Answer(answer) => answer.checker.as_ref(),
            Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
                function.checker.as_ref()
            }
            Kind::Prediction(_) | Kind::Model(_) => None,
        }
    }

    /// Files of the pack that students may take, below its folder.
    pub fn downloads(&self) -> &[String] {
        match self {
            Kind::Prediction(prediction) => &prediction.downloads,
            Kind::Model(model) => &model.downloads,
            Kind::Notebook(notebook) => &notebook.downloads,
            Kind::Answer(_) | Kind::Function(_) => &[],
        }
    }
}

/// Numbers computed by hand, typed into fields.
#[derive(Debug, Clone)]
pub struct AnswerKind {
    /// Given to the reference; all fixed.
    pub inputs: Vec<Input>,
    pub fields: Vec<Field>,
    /// Fields whose right answer is not one value.
    pub checks: Vec<Check>,
    /// There where `checks` are.
    pub checker: Option<Checker>,
    /// `None`: everybody has the declared values.
    pub variants: Option<Variants>,
}

impl AnswerKind {
    /// How many variants there are, at least 1.
    pub fn variant_count(&self) -> u32 {
        self.variants.as_ref().map_or(1, |variants| variants.count)
    }

    /// The values of the first variant, those that the pack declares.
    pub fn given(&self) -> Vec<Given> {
        let numbers = self.inputs.iter().filter_map(|input| match &input.value {
            InputValue::Fixed { shape, elements } => Some(Given {
                name: input.name.clone(),
                shape: shape.clone(),
                elements: elements.clone(),
            }),
            _ => None,
        });
        numbers.collect()
    }

    pub fn find_check(&self, field: &FieldName) -> Option<&Check> {
        self.checks
            .iter()
            .find(|check| check.fields.contains(field))
    }

    /// Those that the reference gives, in the order of the pack.
    pub fn referenced(&self) -> impl Iterator<Item = &Field> {
        let mut fields = self.fields.iter();
        std::iter::from_fn(move || fields.find(|field| self.find_check(&field.name).is_none()))
    }
}

#[derive(Debug, Clone)]
pub struct Field {
    pub name: FieldName,
    pub label: Localized,
    pub entry: Entry,
    /// Of what is compared. Numbers have at most two axes: `[]` a number, `[3]` a
    /// row, `[3, 3]` a grid; a trace has `[rows, columns]`, several choices have
    /// `[options]`, one choice and a shape have `[]`.
    pub shape: Vec<usize>,
    pub points: u32,
    /// Digits after the point that are asked for; 0 asks for integers.
    pub decimals: u32,
    /// Room for rounded intermediate values, in units of the last digit.
    pub slack_units: f64,
    pub carry: Option<Carry>,
}

/// Error carried forward: what the field would be if the student's own values
/// of earlier fields were right.
#[derive(Debug, Clone)]
pub struct Carry {
    /// Earlier fields. The function takes them and inputs, by their names.
    pub from: Vec<FieldName>,
    /// A function of `reference.py` that gives this field.
    pub function: String,
    /// Of the field's points, in per cent: 1 to 100.
    pub share_percent: u32,
}

impl Field {
    /// How many texts the form sends.
    pub fn cells(&self) -> usize {
        self.shape.iter().product()
    }

    /// Rows and columns of the grid that the field is typed into.
    pub fn grid(&self) -> (usize, usize) {
        match self.shape[..] {
            [rows, columns] => (rows, columns),
            [options] if self.entry.find_choice().is_some() => (options, 1),
            [columns] => (1, columns),
            _ => (1, 1),
        }
    }
}

/// A Python function, called on hidden cases.
#[derive(Debug, Clone)]
pub struct FunctionKind {
    /// The name of the student's function.
    pub entry: String,
    /// In the order of the parameters.
    pub inputs: Vec<Input>,
    /// One: the function returns it bare. More: a tuple in this order.
    pub outputs: Vec<OutputSpec>,
    pub subtasks: Vec<Subtask>,
    pub samples: Vec<SampleSpec>,
    pub tolerance: Tolerance,
    pub limits: Limits,
    /// How the limit of fuel was chosen, where it was measured.
    pub calibrated: Option<Calibrated>,
    /// Samples are drawn by it.
    pub seed: u64,
    /// Cases are drawn by it: `seed` again, but in versions for a contest.
    pub case_seed: u64,
    /// What the editor opens with.
    pub starter: String,
    /// Python with functions that call the student's in other ways.
    pub driver: Option<String>,
    /// What the student's program may not use; told beforehand, and looked for in
    /// its text before it is run.
    pub must_not_use: Vec<Forbidden>,
    /// There where a subtask has a `check`.
    pub checker: Option<Checker>,
}

impl FunctionKind {
    /// The names of all functions that the student's program must define.
    pub fn entries(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for subtask in &self.subtasks {
            if !names.contains(&&*subtask.entry) {
                names.push(&subtask.entry);
            }
        }
        names
    }
}

#[derive(Debug, Clone)]
pub struct Input {
    pub name: FieldName,
    pub dtype: InputDType,
    pub value: InputValue,
    /// Kind `answer`: what each element is drawn from in variants but the first;
    /// `None`: the same in all.
    pub varies: Option<Vec<f64>>,
}

/// What the numbers of an input are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InputDType {
    /// Numbers in double precision.
    Float64,
    /// Numbers in single precision.
    Float32,
    /// Whole numbers.
    Int64,
    /// 0 and 1 as truth values.
    Bool,
}

#[derive(Debug, Clone)]
pub enum InputValue {
    /// The same in every case: elements in C order.
    Fixed {
        shape: Vec<usize>,
        elements: Vec<f64>,
    },
    Drawn {
        shape: Vec<Extent>,
        distribution: Distribution,
    },
    /// A text, list or dictionary, the same in every case.
    Json(serde_json::Value),
    /// One of these is drawn for each case.
    OneOf(Vec<serde_json::Value>),
    /// A list of so many items, each drawn from these.
    ListOf {
        length: Extent,
        items: Vec<serde_json::Value>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    /// Over `[low, high)`.
    Uniform {
        low: f64,
        high: f64,
    },
    Normal {
        mean: f64,
        std: f64,
    },
    /// Integers from `low` to `high`, both included.
    Integers {
        low: i64,
        high: i64,
    },
}

/// What a function returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum OutputKind {
    /// Numbers, compared within the tolerance.
    Float,
    /// Whole numbers, exactly.
    Integer,
    /// Truth values, exactly.
    Boolean,
    /// Texts, numbers, and lists and dictionaries of them, compared structurally: floats
    /// within the tolerance, everything else exactly. A list or dictionary may have at
    /// most 64 entries on its outermost level; keys are texts.
    Json,
}

impl OutputKind {
    /// `None` for what is no array.
    pub fn number(self) -> Option<NumberKind> {
        match self {
            OutputKind::Float => Some(NumberKind::Float),
            OutputKind::Integer => Some(NumberKind::Integer),
            OutputKind::Boolean => Some(NumberKind::Boolean),
            OutputKind::Json => None,
        }
    }
}

#[derive(Debug, Clone)]
pub struct OutputSpec {
    pub name: FieldName,
    pub kind: OutputKind,
    /// Given where a checker judges.
    pub shape: Option<Vec<Extent>>,
}

#[derive(Debug, Clone)]
pub struct Subtask {
    pub name: SubtaskName,
    pub title: Localized,
    pub points: u32,
    pub cases: u32,
    /// The first so many cases are shown in full after a failure in practice.
    pub open_cases: u32,
    pub scoring: CaseScoring,
    /// Subtasks, earlier in the pack, without which this one is not run.
    pub requires: Vec<SubtaskName>,
    pub dims: Dims,
    /// Shapes that differ from the input's own in this subtask.
    pub shapes: BTreeMap<FieldName, Vec<Extent>>,
    /// The function of `reference.py` that gives the right answer.
    pub reference: String,
    /// The function of `reference.py` that gives its steps, where the pack has
    /// a trace; `None`: this subtask has none.
    pub trace: Option<String>,
    /// The function of `driver.py` to call instead of the student's own.
    pub driver: Option<String>,
    /// The student's function that is called.
    pub entry: String,
    /// The inputs that it takes, in the order of its parameters.
    pub inputs: Vec<FieldName>,
    /// One: the function returns it bare. More: a tuple in this order, or a
    /// dictionary by these names.
    pub outputs: Vec<OutputSpec>,
    /// The function of `checker.py` that judges instead of the reference.
    pub check: Option<String>,
}

/// How cases become a subtask's points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaseScoring {
    /// Points only if every case is accepted; stops at the first that is not.
    #[default]
    All,
    /// Points in proportion to the accepted cases.
    Proportional,
}

/// A case that the problem's page shows in full.
#[derive(Debug, Clone)]
pub struct SampleSpec {
    pub subtask: SubtaskName,
    pub dims: BTreeMap<String, usize>,
    pub seed: u64,
}

/// `|got − expected| ≤ atol + rtol · |expected|`, as NumPy's `isclose`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// Relative to the expected value.
    #[serde(default = "Tolerance::default_rtol")]
    pub rtol: f64,
    /// Absolute; what counts near zero.
    #[serde(default = "Tolerance::default_atol")]
    pub atol: f64,
}

impl Tolerance {
    fn default_rtol() -> f64 {
        1e-5
    }
    fn default_atol() -> f64 {
        1e-7
    }
}

impl Default for Tolerance {
    fn default() -> Self {
        Tolerance {
            rtol: Self::default_rtol(),
            atol: Self::default_atol(),
        }
    }
}

/// What one case may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Fuel units: about one per WebAssembly instruction.
    pub fuel: u64,
    pub memory_bytes: u64,
    /// Standard output and standard error, each.
    pub output_bytes: u64,
    /// Backstop of real time, far beyond what the fuel can take.
    pub wall_ms: u64,
}

/// An example of the pack's `submissions/`, with what it must get.
#[derive(Debug, Clone)]
pub struct ExampleSubmission {
    /// Path below `submissions/`: `wrong_answer/pytorch_reset.py`.
    pub path: String,
    pub submission: Submission,
    pub verdict: Verdict,
    pub score: Score,
    /// The one that must be diagnosed; `None`: none may be.
    pub misconception: Option<MisconceptionName>,
    /// The rule of the flaw that must be told of; `None`: none may be.
    pub flaw: Option<String>,
}

impl ExampleSubmission {
    /// Whether the report tells of the flaw that it must tell of, and of no other.
    pub fn has_its_flaw(&self, kind: &Kind, report: &Report) -> bool {
        let told = report.messages.iter().filter_map(|message| match message {
            Message::Flaw { text, .. } => Some(text),
            _ => None,
        });
        let expected = kind.flaws().into_iter();
        let expected = expected.filter(|(rule, _)| Some(*rule) == self.flaw.as_deref());
        told.eq(expected.map(|(_, text)| text))
    }
}
