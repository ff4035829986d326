//! Judges typed fields, cell by cell. A field earns its points in proportion to
//! its right cells; several choices are right as a whole or not at all.
//!
//! A choice that is withheld earns its points only with a whole that is right: the
//! score must not tell what its verdict does not.

use super::carry::Carrier;
use super::entry::ReadField;
use super::{diagnose, steps};
use crate::GraderError;
use crate::children::Children;
use crate::prepare::{CheckerUnit, Prepared, PreparedCase};
use gradien_problems::pack::{AnswerKind, Entry};
use gradien_problems::report::{JudgedVariant, Provenance, SubtaskReport};
use gradien_problems::{Message, Pack, Report, Score, Verdict};
use gradien_sandbox::array::{Array, Named};
use std::collections::BTreeMap;

/// What was typed, and for which variant.
#[derive(Clone, Copy)]
pub struct Typed<'a> {
    pub fields: &'a BTreeMap<String, Vec<String>>,
    pub variant: u32,
}

pub fn judge(
    pack: &Pack,
    kind: &AnswerKind,
    prepared: &Prepared,
    typed: Typed<'_>,
    children: &mut Children,
    provenance: Provenance,
) -> Result<Report, GraderError> {
    let variant = typed.variant as usize;
    let case = prepared
        .subtasks
        .first()
        .and_then(|cases| cases.get(variant));
    let case = case.ok_or_else(|| {
        let count = kind.variant_count();
        GraderError::Pack(format!(
            "the submission is for variant {variant}, the pack has {count}, counted from 0"
        ))
    })?;
    let read: Vec<ReadField<'_>> = kind
        .fields
        .iter()
        .map(|field| ReadField::new(field, typed.fields.get(field.name.as_str())))
        .collect();
    let numbers: Vec<Option<Vec<f64>>> = read.iter().map(ReadField::numbers).collect();
    let mut carrier = Carrier::new(pack, kind, &case.inputs, children);
    let mut subtasks: Vec<SubtaskReport> = Vec::new();
    for (index, (read, expected)) in read.iter().zip(&case.expected).enumerate() {
        let expected = expected.to_f64_vec();
        // From right values the right one follows: nothing is to be computed.
        let started_wrong = read.field.carry.as_ref().is_some_and(|carry| {
            let mut earlier = kind.fields.iter().zip(&subtasks);
            matches!(read.field.entry, Entry::Trace(_))
                || earlier.any(|(field, report)| {
                    carry.from.contains(&field.name) && report.verdict != Verdict::Accepted
                })
        });
        let is_right = numbers[index]
            .as_ref()
            .is_some_and(|numbers| read.field.agrees(numbers, &expected));
        let follows = match started_wrong && !is_right {
            true => carrier.find(read.field, &numbers, read.cells_or_nan())?,
            false => None,
        };
        subtasks.push(read.judge(&expected, follows.as_deref()));
    }
    carrier.finish()?;
    let messages = check_fields(pack, kind, case, &numbers, &mut subtasks, children)?;
    let verdict = Verdict::fold(subtasks.iter().map(|subtask| subtask.verdict));
    withhold(kind, verdict, &mut subtasks);
    Ok(Report {
        score: subtasks.iter().map(|subtask| subtask.score).sum(),
        steps: steps::steps(kind, case, &numbers, &subtasks),
        subtasks,
        messages,
        variant: kind.variants.is_some().then(|| JudgedVariant {
            number: typed.variant,
            given: case.given(),
        }),
        diagnoses: diagnose::fields(kind, prepared, variant, &numbers),
        ..Report::bare(verdict, pack.max_score(), provenance)
    })
}

/// Judges the fields whose right answer is not one value: all fields of a check earn
/// the same share of their points. Gives what the checker says.
fn check_fields(
    pack: &Pack,
    kind: &AnswerKind,
    case: &PreparedCase,
    numbers: &[Option<Vec<f64>>],
    subtasks: &mut [SubtaskReport],
    children: &mut Children,
) -> Result<Vec<Message>, GraderError> {
    if kind.checks.is_empty() {
        return Ok(Vec::new());
    }
    let functions: Vec<&str> = kind.checks.iter().map(|check| &*check.function).collect();
    let reference = children.reference()?;
    let Some(unit) = CheckerUnit::compile(pack, &functions, reference)? else {
        return Err(GraderError::Pack("there is no checker.py".into()));
    };
    let mut messages = Vec::new();
    for check in &kind.checks {
        let of_check = |index: &usize| check.fields.contains(&kind.fields[*index].name);
        let fields: Vec<usize> = (0..kind.fields.len()).filter(of_check).collect();
        let typed = fields.iter().map(|&index| {
            let field = &kind.fields[index];
            let value = Array::from_f64(&field.shape, numbers[index].as_ref()?);
            Some(Named {
                name: field.name.to_string(),
                value: value.into(),
            })
        });
        // What cannot be read was said by its cell; there is nothing to check.
        let Some(outputs) = typed.collect::<Option<Vec<_>>>() else {
            for &index in &fields {
                subtasks[index].score = Score::ZERO;
            }
            continue;
        };
        let judged = unit.check(&check.function, case.inputs.clone(), outputs, reference)?;
        let verdict = match judged.is_full() {
            true => Verdict::Accepted,
            false => Verdict::WrongAnswer,
        };
        for &index in &fields {
            let report = &mut subtasks[index];
            report.verdict = verdict;
            report.score = report.max_score.share(
                (judged.points * PART_UNITS).round() as usize,
                PART_UNITS as usize,
            );
            // No cell is wrong by itself.
            for cell in &mut report.cells {
                (cell.verdict, cell.message) = (verdict, None);
            }
        }
        messages.extend(judged.message);
    }
    unit.forget(reference)?;
    Ok(messages)
}

/// Parts of points are counted in millionths.
const PART_UNITS: f64 = 1e6;

/// Takes the points of withheld fields out of a score that is not full. Their
/// verdicts stay in the report; who may see them is decided where it is shown.
fn withhold(kind: &AnswerKind, whole: Verdict, subtasks: &mut [SubtaskReport]) {
    if whole == Verdict::Accepted {
        return;
    }
    for (field, report) in kind.fields.iter().zip(subtasks) {
        if field.is_withheld() {
            report.score = Score::ZERO;
        }
    }
}
