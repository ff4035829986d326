//! A checked pack: what is here holds, so nobody has to check it again.

use super::checker::{Check, Checker};
use super::example::ExampleSubmission;
use super::field::Entry;
use super::function_kind::{FunctionKind, Input, InputValue};
use super::model_kind::ModelKind;
use super::notebook::NotebookKind;
use super::policy::ScorePolicy;
use super::prediction::PredictionKind;
use super::scoring::SPLIT_SUBTASK;
use super::trace::TraceSpec;
use super::variants::Variants;
use crate::given::{self, Given};
use crate::ids::{FieldName, MisconceptionName, PackHash, PackSlug};
use crate::language::{Language, Localized};
use crate::score::Score;
use std::borrow::Cow;
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
    /// Whether two of them at once are looked for.
    pub combine_misconceptions: bool,
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
