//! Misconceptions: what each wrong reference gives for the cases of its pack.
//!
//! Kept beside the expected values, so that a diagnosis costs no evaluation. A
//! misconception that no case tells from the right answer would be found in
//! nobody's or in everybody's work, and two that no case tells apart would be
//! guessed between: both are faults of the pack, found here.

use super::make::{COMPILE_DEADLINE, EVALUATE_DEADLINE, Wanted, arrange, with_gaps};
use super::{Prepared, PreparedCase};
use crate::GraderError;
use crate::compare::agree;
use crate::reference::{Device, Evaluation, Precision, Reference, SourceFile};
use gradien_problems::Pack;
use gradien_problems::ids::MisconceptionName;
use gradien_problems::pack::{AnswerKind, Kind, Misconception, NotebookKind, Subtask};
use gradien_problems::proof::{MisconceptionMatrix, MisconceptionRow};
use gradien_sandbox::array::Array;
use serde::{Deserialize, Serialize};

/// What a misconception gives, per subtask and case. `None` where it says
/// nothing: it lacks the subtask's function, fails there, or is not finite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PreparedMisconception {
    pub name: MisconceptionName,
    pub subtasks: WrongValues,
}

/// Why a misconception cannot be found in anybody's work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Confusion {
    #[error("misconceptions/{name}.py gives no finite value for any case")]
    Silent { name: MisconceptionName },
    #[error("misconceptions/{name}.py cannot be told from the right answer by any case")]
    Right { name: MisconceptionName },
    /// `other` comes earlier in the pack.
    #[error("no case tells misconceptions/{other}.py and misconceptions/{name}.py apart")]
    Alike {
        name: MisconceptionName,
        other: MisconceptionName,
    },
    #[error("misconceptions/{name}.py gives {what}")]
    Shape {
        name: MisconceptionName,
        what: String,
    },
}

/// # Errors
/// [`GraderError::Pack`] with the first [`Confusion`].
pub fn check_distinct(pack: &Pack, prepared: &Prepared) -> Result<(), GraderError> {
    match confusions(pack, prepared).first() {
        None => Ok(()),
        Some(confusion) => Err(GraderError::Pack(confusion.to_string())),
    }
}

/// All that stand in the way, in the pack's order.
pub fn confusions(pack: &Pack, prepared: &Prepared) -> Vec<Confusion> {
    let right = right_answers(prepared);
    let mut confusions = Vec::new();
    for (index, one) in prepared.misconceptions.iter().enumerate() {
        let name = one.name.clone();
        if let Kind::Answer(answer) = &pack.kind
            && let Some(what) = wrong_shape(answer, one)
        {
            confusions.push(Confusion::Shape { name, what });
            continue;
        }
        if one.subtasks.iter().flatten().flatten().next().is_none() {
            confusions.push(Confusion::Silent { name });
            continue;
        }
        if telling_cases(pack, &one.subtasks, &right) == Some(0) {
            confusions.push(Confusion::Right { name });
            continue;
        }
        let alike = prepared.misconceptions[..index]
            .iter()
            .filter(|other| telling_cases(pack, &one.subtasks, &other.subtasks) == Some(0));
        confusions.extend(alike.map(|other| Confusion::Alike {
            name: one.name.clone(),
            other: other.name.clone(),
        }));
    }
    confusions
}

/// In how many cases each differs from the right answer and from each other.
pub fn matrix(pack: &Pack, prepared: &Prepared) -> MisconceptionMatrix {
    let right = right_answers(prepared);
    let all = &prepared.misconceptions;
    let rows = all.iter().map(|one| MisconceptionRow {
        name: one.name.clone(),
        says: one.subtasks.iter().flatten().flatten().count() as u32,
        from_right: telling_cases(pack, &one.subtasks, &right).unwrap_or(0),
        from_others: all
            .iter()
            .map(|other| match one.name == other.name {
                true => None,
                false => telling_cases(pack, &one.subtasks, &other.subtasks),
            })
            .collect(),
    });
    MisconceptionMatrix {
        cases: prepared.subtasks.iter().map(Vec::len).sum::<usize>() as u32,
        rows: rows.collect(),
        pairs: prepared
            .pairs
            .iter()
            .map(|pair| pair.names.clone())
            .collect(),
    }
}

/// Whether what two misconceptions give together differs from the right answer and
/// from each single one, in some case that both say something of.
pub(super) fn says_more(pack: &Pack, prepared: &Prepared, given: &WrongValues) -> bool {
    let tells =
        |other: &WrongValues| telling_cases(pack, given, other).is_some_and(|cases| cases > 0);
    let mut singles = prepared.misconceptions.iter();
    tells(&right_answers(prepared)) && singles.all(|one| tells(&one.subtasks))
}

/// Per subtask and case; `None` where nothing is said of it.
pub type WrongValues = Vec<Vec<Option<Vec<Array>>>>;

/// What is evaluated as a misconception.
pub(super) struct WrongReference {
    /// The reference process knows it by this name.
    pub unit: String,
    /// As errors name it.
    pub file: String,
    pub source: String,
}

/// What a misconception gives for the inputs of every case.
pub(super) fn evaluate(
    pack: &Pack,
    one: &Misconception,
    subtasks: &[Vec<PreparedCase>],
    reference: &mut Reference,
    device: Device,
    precision: Precision,
) -> Result<PreparedMisconception, GraderError> {
    let wrong = WrongReference {
        unit: format!("{}/{}", pack.hash, one.name),
        file: one.file(),
        source: one.source.clone(),
    };
    Ok(PreparedMisconception {
        name: one.name.clone(),
        subtasks: evaluate_source(pack, wrong, subtasks, reference, device, precision)?,
    })
}

/// It may lack the function of a subtask, and fail or overflow where the right one does
/// not.
pub(super) fn evaluate_source(
    pack: &Pack,
    wrong: WrongReference,
    subtasks: &[Vec<PreparedCase>],
    reference: &mut Reference,
    device: Device,
    precision: Precision,
) -> Result<WrongValues, GraderError> {
    let WrongReference { unit, file, source } = wrong;
    let file = SourceFile {
        name: file,
        text: source,
    };
    let signatures = reference.compile(&unit, vec![file], COMPILE_DEADLINE)?;
    // Of each subtask its function and outputs; it says nothing of what is checked.
    let functions: Vec<Option<(&str, Vec<Wanted<'_>>)>> = match &pack.kind {
        Kind::Answer(answer) => {
            let names = answer.referenced();
            let names = names.map(|field| Wanted::array(field.name.as_str()));
            vec![Some(("reference", names.collect()))]
        }
        Kind::Prediction(_) | Kind::Model(_) => Vec::new(),
        Kind::Function(function) | Kind::Notebook(NotebookKind { function, .. }) => {
            let subtasks = function.subtasks.iter();
            let of = |subtask: &'_ Subtask| subtask.check.is_none();
            subtasks
                .map(|subtask| of(subtask).then(|| (&*subtask.reference, Wanted::of(subtask))))
                .collect()
        }
    };
    let mut given = Vec::new();
    for (function, cases) in functions.into_iter().zip(subtasks) {
        let (function, names) = function.unwrap_or_default();
        if signatures.iter().all(|known| known.name != function) {
            given.push(vec![None; cases.len()]);
            continue;
        }
        let evaluation = Evaluation {
            unit: unit.clone(),
            function: function.to_owned(),
            cases: cases.iter().map(|case| case.inputs.clone()).collect(),
            device,
            precision,
            batched: None,
        };
        let (returned, _) = reference.evaluate(evaluation, EVALUATE_DEADLINE)?;
        let arrays = returned.into_iter().map(|one| {
            let arrays = arrange(one.ok()?, &names).ok()?;
            Some(match &pack.kind {
                Kind::Answer(answer) => with_gaps(answer, arrays),
                _ => arrays,
            })
        });
        given.push(arrays.collect());
    }
    reference.forget(&unit, COMPILE_DEADLINE)?;
    Ok(given)
}

fn right_answers(prepared: &Prepared) -> WrongValues {
    let cases = |cases: &Vec<PreparedCase>| {
        cases
            .iter()
            .map(|case| Some(case.expected.clone()))
            .collect()
    };
    prepared.subtasks.iter().map(cases).collect()
}

/// How many cases give the one and the other different values. A case that one of
/// them says nothing of tells nothing; `None` where all are such: two that never
/// speak of the same case are of different functions.
fn telling_cases(pack: &Pack, one: &WrongValues, other: &WrongValues) -> Option<u32> {
    let mut telling = None;
    for (subtask, (one, other)) in one.iter().zip(other).enumerate() {
        for pair in one.iter().zip(other) {
            if let (Some(one), Some(other)) = pair {
                let tells = !all_agree(pack, subtask, one, other);
                *telling.get_or_insert(0) += u32::from(tells);
            }
        }
    }
    telling
}

pub(super) fn all_agree(pack: &Pack, subtask: usize, got: &[Array], expected: &[Array]) -> bool {
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

fn wrong_shape(answer: &AnswerKind, one: &PreparedMisconception) -> Option<String> {
    let mut given = one.subtasks.iter().flatten().flatten();
    given.find_map(|arrays| {
        let mut fields = answer.fields.iter().zip(arrays);
        let (field, array) = fields.find(|(field, array)| {
            answer.find_check(&field.name).is_none() && !field.admits(&array.shape)
        })?;
        Some(format!(
            "“{}” with shape {:?}, the field has {:?}",
            field.name, array.shape, field.shape
        ))
    })
}
