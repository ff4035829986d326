//! Judges typed fields, cell by cell. A field earns its points in proportion to
//! its right cells.

use super::carry::Carrier;
use super::diagnose;
use crate::GraderError;
use crate::children::Children;
use crate::prepare::{Prepared, field_agrees};
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
    children: &mut Children,
    provenance: Provenance,
) -> Result<Report, GraderError> {
    let case = prepared.subtasks.first().and_then(|cases| cases.first());
    let case = case.ok_or_else(|| GraderError::Pack("nothing was prepared".into()))?;
    let read: Vec<ReadField<'_>> = kind
        .fields
        .iter()
        .map(|field| ReadField::new(field, typed.get(field.name.as_str())))
        .collect();
    let numbers: Vec<Option<Vec<f64>>> = read.iter().map(ReadField::numbers).collect();
    let mut carrier = Carrier::new(pack, kind, &case.inputs, children);
    let mut subtasks: Vec<SubtaskReport> = Vec::new();
    for (index, (read, expected)) in read.iter().zip(&case.expected).enumerate() {
        let expected = expected.to_f64_vec();
        // From right values the right one follows: nothing is to be computed.
        let started_wrong = read.field.carry.as_ref().is_some_and(|carry| {
            let mut earlier = kind.fields.iter().zip(&subtasks);
            earlier.any(|(field, report)| {
                carry.from.contains(&field.name) && report.verdict != Verdict::Accepted
            })
        });
        let is_right = numbers[index]
            .as_ref()
            .is_some_and(|numbers| field_agrees(read.field, numbers, &expected));
        let follows = match started_wrong && !is_right {
            true => carrier.find(read.field, &numbers)?,
            false => None,
        };
        subtasks.push(read.judge(&expected, follows.as_deref()));
    }
    carrier.finish()?;
    Ok(Report {
        verdict: Verdict::fold(subtasks.iter().map(|subtask| subtask.verdict)),
        score: subtasks.iter().map(|subtask| subtask.score).sum(),
        max_score: pack.max_score(),
        subtasks,
        messages: Vec::new(),
        diagnoses: diagnose::fields(kind, prepared, &numbers),
        metrics: Vec::new(),
        usage: None,
        provenance,
    })
}

/// A field as it was typed: its numbers, or why they are none.
struct ReadField<'a> {
    field: &'a Field,
    cells: Vec<(&'a str, Result<f64, Box<Message>>)>,
}

impl<'a> ReadField<'a> {
    fn new(field: &'a Field, typed: Option<&'a Vec<String>>) -> ReadField<'a> {
        let texts = typed.map(Vec::as_slice).unwrap_or_default();
        let cells = (0..field.cells()).map(|index| {
            let text = texts.get(index).map(String::as_str).unwrap_or_default();
            (text, read_cell(text))
        });
        ReadField {
            field,
            cells: cells.collect(),
        }
    }

    /// `None` if one of them cannot be read.
    fn numbers(&self) -> Option<Vec<f64>> {
        self.cells
            .iter()
            .map(|(_, number)| number.as_ref().ok().copied())
            .collect()
    }

    /// `follows`: the values that follow from the student's own earlier ones. A
    /// cell that has its value earns its share, but is not the right answer.
    fn judge(&self, expected: &[f64], follows: Option<&[f64]>) -> SubtaskReport {
        let field = self.field;
        let share = field.carry.as_ref().map_or(0, |carry| carry.share_percent);
        let mut earned = 0;
        let mut cells = Vec::new();
        for (index, (text, number)) in self.cells.iter().enumerate() {
            let follows = follows.and_then(|values| values.get(index).copied());
            let message = match number {
                Err(message) => Some(Message::clone(message)),
                Ok(got) => judge_number(field, *got, expected.get(index).copied(), follows),
            };
            earned += match &message {
                None => 100,
                Some(Message::CellCarried { .. }) => share,
                Some(_) => 0,
            };
            cells.push(CellReport {
                verdict: if message.is_none() {
                    Verdict::Accepted
                } else {
                    Verdict::WrongAnswer
                },
                typed: text.chars().take(MAX_TYPED_CHARS).collect(),
                message,
            });
        }
        let max_score = Score::from_points(field.points);
        SubtaskReport {
            name: subtask_name(field),
            verdict: Verdict::fold(cells.iter().map(|cell| cell.verdict)),
            score: max_score.share(earned as usize, cells.len() * 100),
            max_score,
            cases: Vec::new(),
            cells,
        }
    }
}

/// A field's name has the form of a subtask's.
fn subtask_name(field: &Field) -> SubtaskName {
    let name = field.name.as_str().parse();
    name.unwrap_or_else(|_| unreachable!("both are identifiers of at most 64 characters"))
}

fn read_cell(text: &str) -> Result<f64, Box<Message>> {
    let typed = || {
        text.trim()
            .chars()
            .take(MAX_TYPED_CHARS)
            .collect::<String>()
    };
    let message = |error| match error {
        NumberError::Empty => Message::CellEmpty,
        NumberError::NotANumber => Message::CellNotANumber { typed: typed() },
        NumberError::ThousandsSeparator => Message::CellThousandsSeparator { typed: typed() },
        NumberError::NotFinite => Message::CellNotFinite { typed: typed() },
        NumberError::TooLong => Message::CellTooLong,
        NumberError::UnknownName { name } => Message::CellUnknownName {
            typed: typed(),
            name: name.chars().take(MAX_TYPED_CHARS).collect(),
        },
    };
    parse_number(text).map_err(|error| Box::new(message(error)))
}

/// `None` where the cell is right.
fn judge_number(
    field: &Field,
    got: f64,
    expected: Option<f64>,
    follows: Option<f64>,
) -> Option<Message> {
    let close = |to: f64| compare_cell(got, to, field.decimals, field.slack_units);
    match (close(expected.unwrap_or(f64::NAN)), follows, &field.carry) {
        (Closeness::Right, _, _) => None,
        (_, Some(follows), Some(carry)) if close(follows) == Closeness::Right => {
            Some(Message::CellCarried {
                from: carry.from.iter().map(ToString::to_string).collect(),
            })
        }
        (Closeness::LessPrecise, _, _) => Some(Message::CellLessPrecise {
            decimals: field.decimals,
        }),
        (Closeness::Wrong, _, _) => Some(Message::CellWrong),
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
        let report = ReadField::new(&field(&[3]), Some(&typed)).judge(&expected, None);
        assert_eq!(report.verdict, Verdict::WrongAnswer);
        assert_eq!(report.score, Score::from_points(20));
        assert_eq!(report.cells[1].message, Some(Message::CellWrong));
        let nearly = ReadField::new(&field(&[]), Some(&vec!["0.65".into()])).judge(&[0.6457], None);
        assert_eq!(
            nearly.cells[0].message,
            Some(Message::CellLessPrecise { decimals: 3 })
        );
    }

    #[test]
    fn what_is_missing_or_unreadable_is_said_and_extra_cells_are_ignored() {
        let typed: Vec<String> = ["x".into(), "1.000,0".into()].to_vec();
        let report = ReadField::new(&field(&[3]), Some(&typed)).judge(&[1.0, 2.0, 3.0], None);
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
        let report = ReadField::new(&field(&[]), Some(&typed)).judge(&[1.0], None);
        assert_eq!(report.cells.len(), 1);
    }
}
