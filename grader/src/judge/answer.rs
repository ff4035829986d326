//! Judges typed fields, cell by cell. A field earns its points in proportion to
//! its right cells.

use crate::prepare::Prepared;
use gradien_problems::answer::{Closeness, NumberError, compare_cell, parse_number};
use gradien_problems::message::Message;
use gradien_problems::pack::{AnswerKind, Field};
use gradien_problems::report::{CellReport, Provenance, SubtaskReport};
use gradien_problems::{Pack, Report, Score, SubtaskName, Verdict};
use std::collections::BTreeMap;

/// Longer texts are cut in the report.
const MAX_TYPED_CHARS: usize = 60;

pub fn judge(
    pack: &Pack,
    kind: &AnswerKind,
    prepared: &Prepared,
    typed: &BTreeMap<String, Vec<String>>,
    provenance: Provenance,
) -> Report {
    let expected = prepared.subtasks.first().and_then(|cases| cases.first());
    let subtasks: Vec<SubtaskReport> = kind
        .fields
        .iter()
        .enumerate()
        .map(|(index, field)| {
            let expected = expected.and_then(|case| case.expected.get(index));
            let expected = expected.map(|array| array.to_f64_vec()).unwrap_or_default();
            let cells = typed
                .get(field.name.as_str())
                .map(Vec::as_slice)
                .unwrap_or_default();
            judge_field(field, &expected, cells)
        })
        .collect();
    Report {
        verdict: Verdict::fold(subtasks.iter().map(|subtask| subtask.verdict)),
        score: subtasks.iter().map(|subtask| subtask.score).sum(),
        max_score: pack.max_score(),
        subtasks,
        messages: Vec::new(),
        diagnoses: Vec::new(),
        usage: None,
        provenance,
    }
}

fn judge_field(field: &Field, expected: &[f64], typed: &[String]) -> SubtaskReport {
    let cells: Vec<CellReport> = (0..field.cells())
        .map(|index| {
            let text = typed.get(index).map(String::as_str).unwrap_or_default();
            let message = judge_cell(field, expected.get(index).copied(), text);
            CellReport {
                verdict: if message.is_none() {
                    Verdict::Accepted
                } else {
                    Verdict::WrongAnswer
                },
                typed: text.chars().take(MAX_TYPED_CHARS).collect(),
                message,
            }
        })
        .collect();
    let right = cells
        .iter()
        .filter(|cell| cell.verdict == Verdict::Accepted)
        .count();
    let max_score = Score::from_points(field.points);
    SubtaskReport {
        name: subtask_name(field),
        verdict: Verdict::fold(cells.iter().map(|cell| cell.verdict)),
        score: max_score.share(right, cells.len()),
        max_score,
        cases: Vec::new(),
        cells,
    }
}

/// A field's name has the form of a subtask's.
fn subtask_name(field: &Field) -> SubtaskName {
    let name = field.name.as_str().parse();
    name.unwrap_or_else(|_| unreachable!("both are identifiers of at most 64 characters"))
}

/// `None` where the cell is right.
fn judge_cell(field: &Field, expected: Option<f64>, text: &str) -> Option<Message> {
    let typed = || {
        text.trim()
            .chars()
            .take(MAX_TYPED_CHARS)
            .collect::<String>()
    };
    let got = match parse_number(text) {
        Ok(got) => got,
        Err(error) => {
            return Some(match error {
                NumberError::Empty => Message::CellEmpty,
                NumberError::NotANumber => Message::CellNotANumber { typed: typed() },
                NumberError::ThousandsSeparator => {
                    Message::CellThousandsSeparator { typed: typed() }
                }
                NumberError::NotFinite => Message::CellNotFinite { typed: typed() },
                NumberError::TooLong => Message::CellTooLong,
            });
        }
    };
    let expected = expected.unwrap_or(f64::NAN);
    match compare_cell(got, expected, field.decimals, field.slack_units) {
        Closeness::Right => None,
        Closeness::LessPrecise => Some(Message::CellLessPrecise {
            decimals: field.decimals,
        }),
        Closeness::Wrong => Some(Message::CellWrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(shape: &[usize]) -> Field {
        Field {
            carry: None,
            name: "z1".parse().unwrap(),
            label: gradien_problems::Localized {
                id: "z".into(),
                en: "z".into(),
            },
            shape: shape.to_vec(),
            points: 30,
            decimals: 3,
            slack_units: 0.0,
        }
    }

    #[test]
    fn each_cell_has_its_verdict_and_earns_its_share() {
        let expected = [0.6, 0.19, -0.06];
        let typed: Vec<String> = ["0,6", "0.2", "\u{2212}0,06"].map(String::from).to_vec();
        let report = judge_field(&field(&[3]), &expected, &typed);
        assert_eq!(report.verdict, Verdict::WrongAnswer);
        assert_eq!(report.score, Score::from_points(20));
        assert_eq!(report.cells[1].message, Some(Message::CellWrong));
        let nearly = judge_field(&field(&[]), &[0.6457], &["0.65".into()]);
        assert_eq!(
            nearly.cells[0].message,
            Some(Message::CellLessPrecise { decimals: 3 })
        );
    }

    #[test]
    fn what_is_missing_or_unreadable_is_said_and_extra_cells_are_ignored() {
        let typed: Vec<String> = ["x".into(), "1.000,0".into()].to_vec();
        let report = judge_field(&field(&[3]), &[1.0, 2.0, 3.0], &typed);
        assert!(matches!(
            report.cells[0].message,
            Some(Message::CellNotANumber { .. })
        ));
        assert!(matches!(
            report.cells[1].message,
            Some(Message::CellThousandsSeparator { .. })
        ));
        assert_eq!(report.cells[2].message, Some(Message::CellEmpty));
        let typed = vec!["1".to_owned(); 9];
        assert_eq!(judge_field(&field(&[]), &[1.0], &typed).cells.len(), 1);
    }
}
