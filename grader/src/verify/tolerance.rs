//! Whether the tolerance lies between right and wrong: the reference in float32 and
//! on every device must stay within it, misconceptions and wrong examples outside.

use super::examples::Judged;
use super::{devices, fault_of_pack};
use crate::GraderError;
use crate::children::Children;
use crate::compare;
use crate::prepare::{Prepared, PreparedCase, PreparedMisconception, right_answers_on};
use crate::reference::{Device, Precision};
use gradien_problems::message::NumberKind;
use gradien_problems::pack::{FunctionKind, Kind};
use gradien_problems::proof::{Calibration, Deviation, Found, Proof};
use gradien_problems::{Message, Pack, Report, Verdict};
use gradien_sandbox::array::Array;

/// Wrong values nearer than this are told of: rounding could make them right.
const NEAR: f64 = 2.0;

pub(super) fn check(
    pack: &Pack,
    prepared: &Prepared,
    children: &mut Children,
    proof: &mut Proof,
) -> Result<(), GraderError> {
    if !pack.kind.needs_reference() {
        return Ok(());
    }
    let mut calibration = Calibration {
        right: Vec::new(),
        wrong: Vec::new(),
    };
    let devices = match children.reference()?.hello().cuda_devices {
        0 => vec![Device::Cpu],
        _ => vec![Device::Cpu, Device::Cuda],
    };
    for device in devices {
        for (precision, name) in [
            (Precision::Double, "float64"),
            (Precision::Single, "float32"),
        ] {
            let what = format!("{} {name}", devices::name(device));
            let reference = children.reference()?;
            let excess = match right_answers_on(pack, reference, device, precision) {
                Ok(subtasks) => cap(right_excess(pack, &subtasks, prepared)),
                Err(error) => {
                    let (place, detail) = fault_of_pack(error)?;
                    proof.find(place, Found::PrecisionFails { what, detail });
                    continue;
                }
            };
            if excess > 1.0 {
                let what = what.clone();
                proof.find("problem.toml", Found::ToleranceTooTight { what, excess });
            }
            calibration.right.push(Deviation { what, excess });
        }
    }
    for (one, source) in prepared.misconceptions.iter().zip(&pack.misconceptions) {
        let excess = cap(wrong_excess(pack, one, prepared));
        let what = source.file();
        calibration.wrong.push(Deviation { what, excess });
    }
    proof.tolerance = Some(calibration);
    Ok(())
}

/// Adds the examples that returned wrong values, and tells of wrong answers that
/// are hardly outside the tolerance.
pub(super) fn add_examples(pack: &Pack, judged: &[Judged<'_>], proof: &mut Proof) {
    let Some(mut calibration) = proof.tolerance.take() else {
        return;
    };
    if let Some(function) = pack.kind.find_function() {
        for one in judged {
            let Some(report) = &one.report else { continue };
            if let Some(excess) = told_excess(function, report) {
                let what = super::examples::place(one.example);
                let excess = cap(excess);
                calibration.wrong.push(Deviation { what, excess });
            }
        }
    }
    (calibration.wrong).sort_by(|one, other| one.excess.total_cmp(&other.excess));
    for one in &calibration.wrong {
        // Those at 1 or less are faults, told of elsewhere.
        if one.excess > 1.0 && one.excess < NEAR {
            let (what, excess) = (one.what.clone(), one.excess);
            proof.find("problem.toml", Found::ToleranceTooWide { what, excess });
        }
    }
    proof.tolerance = Some(calibration);
}

/// Infinities have no place in JSON.
fn cap(excess: f64) -> f64 {
    excess.min(Calibration::MAX_EXCESS)
}

/// Of the case that is furthest off.
pub(super) fn right_excess(pack: &Pack, got: &[Vec<PreparedCase>], prepared: &Prepared) -> f64 {
    let subtasks = got.iter().zip(&prepared.subtasks).enumerate();
    let cases = subtasks.flat_map(|(index, (got, expected))| {
        got.iter().zip(expected).map(move |pair| (index, pair))
    });
    cases
        .map(|(subtask, (got, expected))| excess(pack, subtask, &got.expected, &expected.expected))
        .fold(0.0, f64::max)
}

/// Of the case that tells it best: one is enough to find it.
fn wrong_excess(pack: &Pack, one: &PreparedMisconception, prepared: &Prepared) -> f64 {
    let subtasks = one.subtasks.iter().zip(&prepared.subtasks).enumerate();
    let cases = subtasks
        .flat_map(|(index, (got, right))| got.iter().zip(right).map(move |pair| (index, pair)));
    cases
        .filter_map(|(subtask, (got, right))| {
            Some(excess(pack, subtask, got.as_deref()?, &right.expected))
        })
        .fold(0.0, f64::max)
}

fn excess(pack: &Pack, subtask: usize, got: &[Array], expected: &[Array]) -> f64 {
    match &pack.kind {
        Kind::Answer(answer) => {
            let fields = answer.fields.iter().zip(got).zip(expected);
            // A field that a checker judges has no right value.
            fields
                .filter(|((field, _), _)| answer.find_check(&field.name).is_none())
                .map(|((field, got), expected)| {
                    field.excess(&got.to_f64_vec(), &expected.to_f64_vec())
                })
                .fold(0.0, f64::max)
        }
        kind => {
            let subtasks = kind.find_function().map(|function| {
                let tolerance = function.tolerance;
                (function.subtasks.get(subtask), tolerance)
            });
            match subtasks {
                Some((Some(subtask), tolerance)) if subtask.check.is_none() => {
                    compare::excess(&subtask.outputs, tolerance, got, expected)
                }
                _ => 0.0,
            }
        }
    }
}

/// Of a wrong program whose values were compared: the worst that its messages tell.
fn told_excess(function: &FunctionKind, report: &Report) -> Option<f64> {
    if report.verdict == Verdict::Accepted {
        return None;
    }
    let cases = report.subtasks.iter().flat_map(|subtask| &subtask.cases);
    let told = cases.filter_map(|case| match case.message.as_ref()? {
        Message::WrongValues { got, expected, .. } | Message::LessPrecise { got, expected, .. } => {
            let (got, expected) = (got.parse().ok()?, expected.parse().ok()?);
            let float = NumberKind::Float;
            Some(compare::deviation(got, expected, float, function.tolerance))
        }
        _ => None,
    });
    told.reduce(f64::max)
}
