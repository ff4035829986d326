//! Kind `function`, checked: what is drawn, called and compared.

use super::calibrated::Calibrated;
use super::checker::Checker;
use super::forbidden::Forbidden;
use super::shape::{Dims, Extent};
use crate::ids::{FieldName, SubtaskName};
use crate::language::Localized;
use crate::message::NumberKind;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

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
    pub isolation: Isolation,
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

/// Between what the instances of the sandbox are fresh. Where a notebook is run again
/// for each case, they always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// Cases of a subtask may follow one another in one instance.
    #[default]
    Subtask,
    /// Each case has an instance of its own.
    Case,
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
