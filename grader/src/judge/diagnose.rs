//! Finds the misconception behind a wrong answer.
//!
//! Theory of operation. A misconception is a wrong reference, evaluated on every
//! case when the pack was prepared. A case *tells* it where its values differ
//! from the right ones beyond the tolerance. It is diagnosed only if the
//! submission agrees with it on every case that was seen, at least one of which
//! tells it. Where two are left, none is named: that would be a guess.
//!
//! Two misconceptions at once, where the pack has them put together, are named only where
//! no single one explains what was seen: a mistake that nothing shows is not told.
//!
//! A subtask that is all or nothing stops at the first failing case. If a
//! misconception explains that one, further cases that tell it are run, until it
//! is refuted or has been seen on [`MAX_FURTHER`] more.

use crate::compare::{agree, compare};
use crate::prepare::{Prepared, PreparedCase, PreparedMisconception, WrongValues};
use gradien_problems::SubtaskName;
use gradien_problems::ids::MisconceptionName;
use gradien_problems::pack::{AnswerKind, FunctionKind, OutputSpec, Tolerance};
use gradien_problems::report::Diagnosis;
use gradien_sandbox::array::Array;
use gradien_sandbox::job::{Outcome, Status};

/// Cases run for the diagnosis alone, after the one that failed.
pub const MAX_FURTHER: usize = 5;

/// The misconceptions that a program may still have in one subtask.
pub struct Candidates<'a> {
    outputs: &'a [OutputSpec],
    tolerance: Tolerance,
    alive: Vec<Candidate<'a>>,
}

struct Candidate<'a> {
    /// One misconception, or two at once.
    names: &'a [MisconceptionName],
    cases: &'a [Option<Vec<Array>>],
    /// Cases that tell it and that the program agrees on.
    told: usize,
}

impl<'a> Candidates<'a> {
    pub fn new(
        function: &'a FunctionKind,
        prepared: &'a Prepared,
        subtask: usize,
    ) -> Candidates<'a> {
        let alive = wrong_ones(prepared).filter_map(|(names, subtasks)| {
            Some(Candidate {
                names,
                cases: subtasks.get(subtask)?,
                told: 0,
            })
        });
        let specs = function.subtasks.get(subtask).map(|one| &*one.outputs);
        Candidates {
            outputs: specs.unwrap_or_default(),
            tolerance: function.tolerance,
            alive: alive.collect(),
        }
    }

    /// Takes what the program did with a case into account.
    pub fn observe(&mut self, index: usize, case: &PreparedCase, outcome: &Outcome) {
        let (specs, tolerance) = (self.outputs, self.tolerance);
        self.alive.retain_mut(|candidate| {
            let Some(values) = candidate.find(index) else {
                return true;
            };
            let agrees = outcome.status == Status::Ok
                && compare(
                    specs,
                    tolerance,
                    outcome.container,
                    &outcome.outputs,
                    values,
                )
                .is_ok();
            candidate.told += usize::from(agrees && tells(specs, tolerance, values, case));
            agrees
        });
    }

    /// Whether running this case could refute a misconception that has explained
    /// something, or tell it from another.
    pub fn wants(&self, index: usize, case: &PreparedCase) -> bool {
        self.alive.iter().any(|candidate| {
            candidate.told > 0
                && candidate
                    .find(index)
                    .is_some_and(|values| tells(self.outputs, self.tolerance, values, case))
        })
    }

    /// What is left, if it explains a failure and is the only one to; no names otherwise.
    pub fn find_diagnosis(&self) -> &'a [MisconceptionName] {
        let told = |names| {
            let alive = self.alive.iter();
            alive.filter(move |one| one.told > 0 && one.names.len() == names)
        };
        let mut singles = told(1);
        let mut pairs = told(2);
        match (singles.next(), singles.next(), pairs.next(), pairs.next()) {
            (Some(only), None, _, _) | (None, _, Some(only), None) => only.names,
            _ => &[],
        }
    }
}

impl<'a> Candidate<'a> {
    fn find(&self, index: usize) -> Option<&'a [Array]> {
        self.cases.get(index)?.as_deref()
    }
}

/// Misconceptions, then pairs: their names and what they give.
fn wrong_ones(prepared: &Prepared) -> impl Iterator<Item = (&[MisconceptionName], &WrongValues)> {
    let singles = prepared.misconceptions.iter();
    let singles = singles.map(|one| (std::slice::from_ref(&one.name), &one.subtasks));
    let pairs = prepared.pairs.iter();
    singles.chain(pairs.map(|pair| (&pair.names[..], &pair.subtasks)))
}

/// Whether a case tells these wrong values from the right ones.
fn tells(
    specs: &[OutputSpec],
    tolerance: Tolerance,
    values: &[Array],
    case: &PreparedCase,
) -> bool {
    !agree(specs, tolerance, values, &case.expected)
}

/// Subtasks with the misconceptions found in each → one diagnosis for each
/// misconception, in the pack's order.
pub fn group(
    misconceptions: &[PreparedMisconception],
    found: &[(SubtaskName, Vec<MisconceptionName>)],
) -> Vec<Diagnosis> {
    let diagnoses = misconceptions.iter().map(|one| Diagnosis {
        misconception: one.name.clone(),
        subtasks: found
            .iter()
            .filter(|(_, names)| names.contains(&one.name))
            .map(|(subtask, _)| subtask.clone())
            .collect(),
    });
    diagnoses
        .filter(|diagnosis| !diagnosis.subtasks.is_empty())
        .collect()
}

/// Kind `answer`. `typed` has each field's numbers, `None` where one cannot be
/// read. A misconception explains a field if every cell agrees with it and not
/// every cell is right. It must explain the first field it differs in among those
/// that were answered — the mistake is made there or nowhere. One that explains
/// less than another is left out, and two at once that explain no more than one; two
/// that explain the same are not told apart.
pub fn fields(
    answer: &AnswerKind,
    prepared: &Prepared,
    variant: usize,
    typed: &[Option<Vec<f64>>],
) -> Vec<Diagnosis> {
    let Some(case) = prepared
        .subtasks
        .first()
        .and_then(|cases| cases.get(variant))
    else {
        return Vec::new();
    };
    let explained: Vec<(&[MisconceptionName], Vec<usize>)> = wrong_ones(prepared)
        .filter_map(|(names, subtasks)| {
            let values = subtasks.first()?.get(variant)?.as_deref()?;
            Some((names, explains(answer, values, &case.expected, typed)))
        })
        .filter(|(_, fields)| !fields.is_empty())
        .collect();
    let beaten = |position: usize, names: &[MisconceptionName], fields: &[usize]| {
        explained.iter().enumerate().any(|(other, (others, more))| {
            // Two at once must explain more than one does.
            let needless = others.len() > names.len() && more.len() == fields.len();
            other != position && !needless && fields.iter().all(|field| more.contains(field))
        })
    };
    let name_of = |&field: &usize| {
        let name = answer.fields[field].name.as_str().parse();
        name.unwrap_or_else(|_| unreachable!("both are identifiers of at most 64 characters"))
    };
    let left = explained.iter().enumerate();
    let left = left.filter(|(position, (names, fields))| !beaten(*position, names, fields));
    let found = left.flat_map(|(_, (names, fields))| {
        fields.iter().map(|field| (name_of(field), names.to_vec()))
    });
    group(&prepared.misconceptions, &found.collect::<Vec<_>>())
}

/// The indices of the fields that these wrong values explain.
fn explains(
    answer: &AnswerKind,
    values: &[Array],
    expected: &[Array],
    typed: &[Option<Vec<f64>>],
) -> Vec<usize> {
    let mut explained = Vec::new();
    let all = answer.fields.iter().zip(values).zip(expected).zip(typed);
    for (index, (((field, wrong), right), typed)) in all.enumerate() {
        let (wrong, right) = (wrong.to_f64_vec(), right.to_f64_vec());
        let Some(typed) = typed else { continue };
        if field.agrees(&wrong, &right) {
            continue;
        }
        if field.agrees(typed, &wrong) && !field.agrees(typed, &right) {
            explained.push(index);
        } else if explained.is_empty() {
            return explained;
        }
    }
    explained
}
