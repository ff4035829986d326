//! What is made once per pack version: the inputs and the expected outputs.
//!
//! [`Prepared::find_or_make`] looks into the store first. What it makes is written
//! beside the pack's hash and never changed, so that every judgement, feedback and
//! rejudge compares with the same bytes, on whatever device they were computed.

mod carry;
mod checker;
pub mod draw;
mod labels;
mod make;
mod merge;
mod pairs;
mod rows;
mod steps;
mod store;
mod variants;
mod wrong;

pub use carry::CarryUnit;
pub use checker::{CheckerUnit, Judgement};
pub use labels::Labels;
pub use make::{get_subtask, make, make_on, make_unchecked, right_answers_on};
pub use pairs::PreparedPair;
pub use rows::Rows;
pub use store::Store;
pub use wrong::{Confusion, PreparedMisconception, WrongValues, confusions, matrix};

use gradien_problems::Pack;
use gradien_problems::given::Given;
use gradien_problems::pack::Kind;
use gradien_problems::report::Sample;
use gradien_sandbox::array::{Array, Named};
use serde::{Deserialize, Serialize};

use crate::GraderError;
use crate::children::Children;
use crate::reference::Precision;
use crate::show::{show_expected, show_named};

/// Inputs with what the reference gives for them, in the order of the outputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreparedCase {
    pub inputs: Vec<Named>,
    /// Where a checker judges: zeros of the shape and kind that must be returned; of
    /// a field that is checked an empty array. A JSON value is an array of bytes
    /// ([`crate::json::to_array`]).
    pub expected: Vec<Array>,
    /// What the pack's trace gives, where it is to be shown.
    #[serde(default)]
    pub steps: Vec<Named>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// `cpu` or `cuda`.
    pub device: String,
    /// Kind `function`: per subtask, per case. Kind `answer`: one subtask with a
    /// case for each variant, whose expected arrays are the fields'. Kind `model`: one with the
    /// hidden rows.
    pub subtasks: Vec<Vec<PreparedCase>>,
    /// Kind `function`: in the pack's order.
    pub samples: Vec<PreparedCase>,
    /// In the pack's order.
    #[serde(default)]
    pub misconceptions: Vec<PreparedMisconception>,
    /// Two at once, where the pack wants them found.
    #[serde(default)]
    pub pairs: Vec<PreparedPair>,
    /// Kind `prediction`: what is right.
    #[serde(default)]
    pub labels: Option<Labels>,
}

impl Prepared {
    /// From the store, or made with the children that it takes and kept.
    /// `begun` is called before something is made.
    pub fn find_or_make(
        pack: &Pack,
        children: &mut Children,
        begun: impl FnOnce(),
    ) -> Result<Prepared, GraderError> {
        if let Some(prepared) = children.store().find(&pack.hash)? {
            return Ok(prepared);
        }
        begun();
        let prepared = Prepared::make_unchecked(pack, children)?;
        wrong::check_distinct(pack, &prepared)?;
        children.store().record(&pack.hash, &prepared)?;
        Ok(prepared)
    }

    /// Made on the best device there is, kept nowhere. Misconceptions may be such as
    /// cannot be told apart.
    pub fn make_unchecked(pack: &Pack, children: &mut Children) -> Result<Prepared, GraderError> {
        match &pack.kind {
            Kind::Prediction(kind) => labels::make(pack, kind, children.inspect_config()),
            Kind::Model(kind) => rows::prepare(pack, kind, children.inspect_config()),
            _ => {
                let reference = children.reference()?;
                let device = reference.hello().best_device();
                make_unchecked(pack, reference, device, Precision::Double)
            }
        }
    }

    /// The numbers of each variant; empty where the pack has none.
    pub fn variants(&self, pack: &Pack) -> Vec<Vec<Given>> {
        match &pack.kind {
            Kind::Answer(answer) if answer.variants.is_some() => {
                let cases = self.subtasks.iter().flatten();
                cases.map(PreparedCase::given).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The visible samples as the problem's page shows them.
    pub fn shown_samples(&self, pack: &Pack) -> Vec<Sample> {
        let Some(function) = pack.kind.find_function() else {
            return Vec::new();
        };
        let shown = function.samples.iter().zip(&self.samples);
        let shown = shown.filter_map(|(spec, case)| {
            let mut subtasks = function.subtasks.iter();
            let subtask = subtasks.find(|subtask| subtask.name == spec.subtask)?;
            Some(Sample {
                subtask: spec.subtask.clone(),
                inputs: show_named(&case.inputs),
                expected: show_expected(subtask, &case.expected),
            })
        });
        shown.collect()
    }
}
