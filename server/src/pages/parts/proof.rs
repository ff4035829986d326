//! What proving a pack found out: findings, and tables of what was tried.

use crate::i18n::Texts;
use askama::Template;
use gradien_problems::message::Message;
use gradien_problems::proof::{
    Calibration, Deviation, MisconceptionMatrix, Outcome, Proof, ProvedExample, Severity,
    excess_text,
};

/// The part alone, on a version's page.
#[derive(Template)]
#[template(path = "parts/proof.html")]
pub struct ProofPart {
    pub t: Texts,
    pub proof: ProofView,
}

pub struct ProofView {
    pub(super) summary: String,
    pub(super) proved: bool,
    pub(super) findings: Vec<FindingView>,
    pub(super) examples: Vec<ExampleView>,
    pub(super) matrix: Option<MatrixView>,
    /// Of right values and of wrong ones: what, and multiples of the tolerance.
    pub(super) tolerance: Option<(Vec<DeviationView>, Vec<DeviationView>)>,
    pub(super) junk: Vec<JunkView>,
    pub(super) made_on: String,
}

pub struct FindingView {
    /// `fault` or `warning`.
    pub(super) class: &'static str,
    pub(super) severity: String,
    pub(super) place: String,
    pub(super) text: String,
}

pub struct ExampleView {
    pub(super) path: String,
    pub(super) expected: String,
    pub(super) got: String,
    pub(super) right: bool,
    pub(super) message: Option<String>,
}

pub struct MatrixView {
    pub(super) cases: String,
    pub(super) names: Vec<String>,
    pub(super) rows: Vec<MatrixRow>,
    pub(super) pairs: Vec<[String; 2]>,
}

pub struct MatrixRow {
    pub(super) name: String,
    pub(super) says: u32,
    pub(super) from_right: Cell,
    pub(super) from_others: Vec<Cell>,
}

pub struct Cell {
    pub(super) text: String,
    /// Nothing tells the two apart.
    pub(super) alike: bool,
}

pub struct DeviationView {
    pub(super) what: String,
    pub(super) excess: String,
}

pub struct JunkView {
    pub(super) what: &'static str,
    pub(super) verdict: &'static str,
    pub(super) score: String,
    pub(super) message: Option<String>,
}

impl ProofView {
    pub fn new(proof: &Proof, t: Texts) -> ProofView {
        let faults = proof.faults().count();
        let warnings = proof.findings.len() - faults;
        let summary = match proof.is_proved() {
            true => t.with("proof-proved", "warnings", warnings as i64),
            false => t.with_two(
                "proof-unproved",
                ("faults", faults as i64),
                ("warnings", warnings as i64),
            ),
        };
        ProofView {
            summary,
            proved: proof.is_proved(),
            findings: findings(proof, t),
            examples: proof.examples.iter().map(|one| example(one, t)).collect(),
            matrix: proof.misconceptions.as_ref().map(|one| matrix(one, t)),
            tolerance: proof.tolerance.as_ref().map(|one| tolerance(one, t)),
            junk: proof
                .junk
                .iter()
                .map(|one| JunkView {
                    what: one.junk.text(t.language),
                    verdict: one.verdict.code(),
                    score: crate::i18n::score(one.score, t.language),
                    message: one.message.as_ref().map(|message| text(message, t)),
                })
                .collect(),
            made_on: t.with_two(
                "proof-made-on",
                ("device", proof.device.clone()),
                ("guest", proof.guest.chars().take(10).collect::<String>()),
            ),
        }
    }
}

/// Faults first.
fn findings(proof: &Proof, t: Texts) -> Vec<FindingView> {
    let mut findings: Vec<_> = proof.findings.iter().collect();
    findings.sort_by_key(|finding| finding.severity == Severity::Warning);
    let views = findings.into_iter().map(|finding| {
        let (class, severity) = match finding.severity {
            Severity::Fault => ("fault", t.get("proof-fault")),
            Severity::Warning => ("warning", t.get("proof-warning")),
        };
        FindingView {
            class,
            severity,
            place: finding.place.clone(),
            text: finding.text.get(t.language).to_owned(),
        }
    });
    views.collect()
}

fn text(message: &Message, t: Texts) -> String {
    message.text(t.language)
}

fn example(example: &ProvedExample, t: Texts) -> ExampleView {
    let outcome = |outcome: &Outcome| {
        let score = crate::i18n::score(outcome.score, t.language);
        match outcome.told() {
            Some(told) => format!("{} {score} ({told})", outcome.verdict.code()),
            None => format!("{} {score}", outcome.verdict.code()),
        }
    };
    ExampleView {
        path: example.path.clone(),
        expected: outcome(&example.expected),
        got: outcome(&example.got),
        right: example.is_right(),
        message: example.message.as_ref().map(|message| text(message, t)),
    }
}

fn matrix(matrix: &MisconceptionMatrix, t: Texts) -> MatrixView {
    let told_apart = |count: u32| Cell {
        text: count.to_string(),
        alike: count == 0,
    };
    MatrixView {
        cases: t.with("proof-matrix-note", "n", i64::from(matrix.cases)),
        names: matrix.rows.iter().map(|row| row.name.to_string()).collect(),
        rows: matrix
            .rows
            .iter()
            .map(|row| MatrixRow {
                name: row.name.to_string(),
                says: row.says,
                from_right: told_apart(row.from_right),
                from_others: row
                    .from_others
                    .iter()
                    .map(|count| match count {
                        Some(count) => told_apart(*count),
                        None => Cell {
                            text: "–".to_owned(),
                            alike: false,
                        },
                    })
                    .collect(),
            })
            .collect(),
        pairs: matrix
            .pairs
            .iter()
            .map(|names| names.each_ref().map(|name| name.to_string()))
            .collect(),
    }
}

fn tolerance(found: &Calibration, t: Texts) -> (Vec<DeviationView>, Vec<DeviationView>) {
    let views = |list: &[Deviation]| {
        let views = list.iter().map(|one| DeviationView {
            what: one.what.clone(),
            excess: match t.language {
                gradien_problems::Language::Id => excess_text(one.excess).replace('.', ","),
                gradien_problems::Language::En => excess_text(one.excess),
            },
        });
        views.collect()
    };
    (views(&found.right), views(&found.wrong))
}
