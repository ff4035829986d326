//! Misconceptions: what each wrong reference gives for the cases of its pack.
//!
//! Kept beside the expected values, so that a diagnosis costs no evaluation. A
//! misconception that no case tells from the right answer would be found in
//! nobody's or in everybody's work, and two that no case tells apart would be
//! guessed between: both are faults of the pack, found here.

use super::{Prepared, PreparedCase};
use crate::GraderError;
use crate::compare::agree;
use gradien_problems::Pack;
use gradien_problems::ids::MisconceptionName;
use gradien_problems::pack::{AnswerKind, Kind, NotebookKind};
use gradien_sandbox::array::Array;
use serde::{Deserialize, Serialize};

/// What a misconception gives, per subtask and case. `None` where it says
/// nothing: it lacks the subtask's function, fails there, or is not finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreparedMisconception {
    pub name: MisconceptionName,
    pub subtasks: Vec<Vec<Option<Vec<Array>>>>,
}

/// # Errors
/// [`GraderError::Pack`] names the misconception that says nothing, equals the
/// right answer, has another shape than a field, or equals another one.
pub fn check_distinct(pack: &Pack, prepared: &Prepared) -> Result<(), GraderError> {
    let right = right_answers(prepared);
    for (index, one) in prepared.misconceptions.iter().enumerate() {
        if let Kind::Answer(answer) = &pack.kind {
            check_shapes(answer, one)?;
        }
        let said = one.subtasks.iter().flatten().flatten().count();
        if said == 0 {
            return Err(GraderError::Pack(format!(
                "misconceptions/{}.py gives no finite value for any case",
                one.name
            )));
        }
        if !differs(pack, one, &right) {
            return Err(GraderError::Pack(format!(
                "misconceptions/{}.py cannot be told from the right answer by any case",
                one.name
            )));
        }
        for other in &prepared.misconceptions[..index] {
            // Two that never speak of the same case are of different functions.
            if meet(one, other) && !differs(pack, one, &other.subtasks) {
                return Err(GraderError::Pack(format!(
                    "no case tells misconceptions/{}.py and misconceptions/{}.py apart",
                    other.name, one.name
                )));
            }
        }
    }
    Ok(())
}

fn right_answers(prepared: &Prepared) -> Vec<Vec<Option<Vec<Array>>>> {
    let cases = |cases: &Vec<PreparedCase>| {
        cases
            .iter()
            .map(|case| Some(case.expected.clone()))
            .collect()
    };
    prepared.subtasks.iter().map(cases).collect()
}

/// Whether some case has values of both.
fn meet(one: &PreparedMisconception, other: &PreparedMisconception) -> bool {
    let subtasks = one.subtasks.iter().zip(&other.subtasks);
    let mut pairs = subtasks.flat_map(|(one, other)| one.iter().zip(other));
    pairs.any(|(one, other)| one.is_some() && other.is_some())
}

/// Whether some case gives the one and the other different values. A case that
/// one of them says nothing of tells nothing.
fn differs(pack: &Pack, one: &PreparedMisconception, other: &[Vec<Option<Vec<Array>>>]) -> bool {
    let pairs = one.subtasks.iter().zip(other).enumerate();
    let mut pairs = pairs
        .flat_map(|(subtask, (one, other))| one.iter().zip(other).map(move |pair| (subtask, pair)));
    pairs.any(|(subtask, pair)| match pair {
        (Some(one), Some(other)) => !all_agree(pack, subtask, one, other),
        _ => false,
    })
}

fn all_agree(pack: &Pack, subtask: usize, got: &[Array], expected: &[Array]) -> bool {
    match &pack.kind {
        Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
            let specs = function.subtasks.get(subtask).map(|one| &*one.outputs);
            agree(specs.unwrap_or_default(), function.tolerance, got, expected)
        }
        Kind::Answer(answer) => {
            let arrays = answer.fields.iter().zip(got).zip(expected);
            arrays
                .into_iter()
                .all(|((field, g), e)| field.agrees(&g.to_f64_vec(), &e.to_f64_vec()))
        }
        // No reference, so nothing to agree with.
        Kind::Prediction(_) | Kind::Model(_) => false,
    }
}

fn check_shapes(answer: &AnswerKind, one: &PreparedMisconception) -> Result<(), GraderError> {
    for arrays in one.subtasks.iter().flatten().flatten() {
        for (field, array) in answer.fields.iter().zip(arrays) {
            if answer.find_check(&field.name).is_none() && !field.admits(&array.shape) {
                return Err(GraderError::Pack(format!(
                    "misconceptions/{}.py gives “{}” with shape {:?}, the field has {:?}",
                    one.name, field.name, array.shape, field.shape
                )));
            }
        }
    }
    Ok(())
}
