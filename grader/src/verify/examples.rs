//! Every example submission, judged as a student's would be.

use super::{Made, Steps, fault_of_pack};
use crate::GraderError;
use crate::blobs::Blobs;
use crate::judge::judge;
use gradien_problems::pack::{EXPECTED_FILE, ExampleSubmission, Kind, MANIFEST_FILE};
use gradien_problems::proof::{Found, Outcome, Proof, ProvedExample};
use gradien_problems::{Message, Pack, Report, Verdict};
use std::collections::BTreeSet;

/// An accepted solution must leave at least half of the fuel …
const FUEL_HEAD_ROOM: u64 = 2;
/// … and a tenth of the memory.
const MEMORY_PERCENT: u64 = 90;

/// An example with its report; `None` where it could not be judged.
pub(super) struct Judged<'a> {
    pub example: &'a ExampleSubmission,
    pub report: Option<Report>,
}

pub(super) fn check<'a>(
    pack: &'a Pack,
    made: &mut Made<'_>,
    blobs: &Blobs,
    steps: &mut Steps<'_>,
    proof: &mut Proof,
) -> Result<Vec<Judged<'a>>, GraderError> {
    let full = |example: &ExampleSubmission| example.score == pack.max_score();
    if !pack.submissions.iter().any(full) {
        proof.find(EXPECTED_FILE, Found::NoAccepted);
    }
    if pack.submissions.iter().all(full) {
        proof.find(EXPECTED_FILE, Found::NoWrong);
    }
    let mut judged = Vec::new();
    for example in &pack.submissions {
        steps.now(&example.path);
        let report = match report_on(pack, made, example, blobs)? {
            Ok(report) => {
                compare(pack, example, &report, proof);
                Some(report)
            }
            Err(detail) => {
                proof.find(place(example), Found::NotJudged { detail });
                None
            }
        };
        judged.push(Judged { example, report });
        steps.done();
    }
    check_rules(pack, &judged, proof);
    if let Some(function) = pack.kind.find_function() {
        let follows = function.calibrated.as_ref().is_some_and(|calibrated| {
            calibrated.guest == proof.guest && calibrated.limit() == function.limits.fuel
        });
        if !follows {
            proof.find(MANIFEST_FILE, Found::NotCalibrated);
        }
    }
    Ok(judged)
}

/// The report, or how the pack broke.
pub(super) fn report_on(
    pack: &Pack,
    made: &mut Made<'_>,
    example: &ExampleSubmission,
    blobs: &Blobs,
) -> Result<Result<Report, String>, GraderError> {
    let submission = &example.submission;
    let judged = judge(
        pack,
        &made.prepared,
        submission,
        blobs,
        made.children,
        &mut |_| {},
    );
    match judged {
        Ok(report) => Ok(Ok(report)),
        Err(error) => {
            let (place, detail) = fault_of_pack(error)?;
            Ok(Err(match &*place {
                "" => detail,
                place => format!("{place}: {detail}"),
            }))
        }
    }
}

pub(super) fn place(example: &ExampleSubmission) -> String {
    format!("submissions/{}", example.path)
}

fn compare(pack: &Pack, example: &ExampleSubmission, report: &Report, proof: &mut Proof) {
    let proved = ProvedExample {
        path: example.path.clone(),
        expected: Outcome {
            verdict: example.verdict,
            score: example.score,
            misconceptions: example.misconceptions.clone(),
            flaws: example.flaw.iter().cloned().collect(),
        },
        got: outcome(&pack.kind, report),
        message: first_message(report),
        usage: report.usage,
    };
    let (expected, got) = (&proved.expected, &proved.got);
    let place = place(example);
    if (expected.verdict, expected.score) != (got.verdict, got.score) {
        let found = Found::Verdict {
            expected: expected.clone(),
            got: got.clone(),
            message: proved.message.clone(),
        };
        proof.find(&place, found);
    } else if expected != got {
        let (expected, got) = (expected.clone(), got.clone());
        proof.find(&place, Found::Diagnosis { expected, got });
    }
    if let (Verdict::Accepted, Some(usage)) = (example.verdict, report.usage) {
        let (fuel, limit) = (usage.fuel, usage.fuel_limit);
        if fuel.saturating_mul(FUEL_HEAD_ROOM) > limit {
            proof.find(&place, Found::FuelTight { fuel, limit });
        }
        let (bytes, limit) = (usage.memory_bytes, usage.memory_limit_bytes);
        if bytes > limit / 100 * MEMORY_PERCENT {
            proof.find(&place, Found::MemoryTight { bytes, limit });
        }
    }
    proof.examples.push(proved);
}

pub(super) fn outcome(kind: &Kind, report: &Report) -> Outcome {
    let flaws = report.messages.iter().filter_map(|message| match message {
        Message::Flaw { text, .. } => {
            let mut known = kind.flaws().into_iter();
            let (rule, _) = known.find(|(_, other)| *other == text)?;
            Some(rule.to_owned())
        }
        _ => None,
    });
    let diagnoses = report.diagnoses.iter();
    Outcome {
        verdict: report.verdict,
        score: report.score,
        misconceptions: diagnoses.map(|one| one.misconception.clone()).collect(),
        flaws: flaws.collect(),
    }
}

/// What a student reads first.
pub(super) fn first_message(report: &Report) -> Option<Message> {
    let cases = report.subtasks.iter().flat_map(|one| &one.cases);
    let cells = report.subtasks.iter().flat_map(|one| &one.cells);
    let mut messages = report
        .messages
        .iter()
        .chain(cases.filter_map(|case| case.message.as_ref()))
        .chain(cells.filter_map(|cell| cell.message.as_ref()));
    messages.next().cloned()
}

/// A rule that no example breaks may forbid nothing: a misspelt name does so.
fn check_rules(pack: &Pack, judged: &[Judged<'_>], proof: &mut Proof) {
    let Some(function) = pack.kind.find_function() else {
        return;
    };
    let reports = judged.iter().filter_map(|one| one.report.as_ref());
    let messages = reports.flat_map(|report| &report.messages);
    let places = messages.filter_map(|message| match message {
        Message::RulesBroken { places } => Some(places),
        _ => None,
    });
    let broken: BTreeSet<&str> = places.flatten().map(|place| place.rule.as_str()).collect();
    for rule in &function.must_not_use {
        if !broken.contains(rule.written.as_str()) {
            let rule = rule.written.clone();
            proof.find("problem.toml", Found::RuleWithoutExample { rule });
        }
    }
}
