//! One field: what was typed as numbers, and what is said of each cell.

use gradien_problems::answer::{Closeness, NumberError, is_coarser, parse_number, parse_shape};
use gradien_problems::message::Message;
use gradien_problems::pack::{Choice, Entry, Field};
use gradien_problems::report::{CellReport, SubtaskReport};
use gradien_problems::{Score, SubtaskName, Verdict};

/// Longer texts are cut in the report.
const MAX_TYPED_CHARS: usize = 60;

type ReadCell = Result<Vec<f64>, Box<Message>>;

/// A field as it was typed: the numbers of its cells, or why they are none. A shape
/// is one cell with a number for each axis; every other cell is one number.
pub struct ReadField<'a> {
    pub field: &'a Field,
    cells: Vec<(&'a str, ReadCell)>,
}

impl<'a> ReadField<'a> {
    pub fn new(field: &'a Field, typed: Option<&'a Vec<String>>) -> ReadField<'a> {
        let texts = typed.map(Vec::as_slice).unwrap_or_default();
        let cells = (0..field.cells()).map(|index| {
            let text = texts.get(index).map(String::as_str).unwrap_or_default();
            (text, read_cell(field, index, text))
        });
        ReadField {
            field,
            cells: cells.collect(),
        }
    }

    /// `None` if one of them cannot be read.
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let mut numbers = Vec::new();
        for (_, cell) in &self.cells {
            numbers.extend(cell.as_ref().ok()?);
        }
        Some(numbers)
    }

    /// One number for each cell; NaN where it cannot be read.
    pub fn cells_or_nan(&self) -> Vec<f64> {
        let cells = self.cells.iter().map(|(_, cell)| match cell.as_deref() {
            Ok([number]) => *number,
            _ => f64::NAN,
        });
        cells.collect()
    }

    /// `follows`: the values that follow from the student's own earlier ones. A
    /// cell that has its value earns its share, but is not the right answer.
    pub fn judge(&self, expected: &[f64], follows: Option<&[f64]>) -> SubtaskReport {
        let field = self.field;
        let share = field.carry.as_ref().map_or(0, |carry| carry.share_percent);
        let mut earned = 0;
        let mut cells = Vec::new();
        for (index, (text, cell)) in self.cells.iter().enumerate() {
            let wanted = match field.entry {
                Entry::Shape => expected,
                _ => expected.get(index..=index).unwrap_or_default(),
            };
            let follows = follows.and_then(|values| values.get(index).copied());
            let message = match cell {
                Err(message) => Some(Message::clone(message)),
                Ok(got) => judge_cell(field, index, (text, got), wanted, follows),
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
        let verdict = Verdict::fold(cells.iter().map(|cell| cell.verdict));
        let max_score = Score::from_points(field.points);
        let whole = field.entry.find_choice().is_some();
        SubtaskReport {
            name: subtask_name(field),
            verdict,
            score: match (whole, verdict) {
                (true, Verdict::Accepted) => max_score,
                (true, _) => Score::ZERO,
                (false, _) => max_score.share(earned as usize, cells.len() * 100),
            },
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

fn cut(text: &str) -> String {
    text.trim().chars().take(MAX_TYPED_CHARS).collect()
}

fn read_cell(field: &Field, index: usize, text: &str) -> ReadCell {
    match &field.entry {
        Entry::Choice(choice) => read_choice(choice, index, text),
        Entry::Shape if text.trim().is_empty() => Err(Box::new(Message::CellEmpty)),
        Entry::Shape => match parse_shape(text) {
            Some(extents) => Ok(extents.into_iter().map(|extent| extent as f64).collect()),
            None => Err(Box::new(Message::CellNotAShape { typed: cut(text) })),
        },
        Entry::Number | Entry::Integer | Entry::Trace(_) => {
            let number = read_number(text)?;
            if field.precision(index).integer && number.fract() != 0.0 {
                return Err(Box::new(Message::CellNotWhole { typed: cut(text) }));
            }
            Ok(vec![number])
        }
    }
}

/// The form sends the names of what is chosen: one cell for one choice, one for each
/// option where there may be several.
fn read_choice(choice: &Choice, index: usize, text: &str) -> ReadCell {
    let text = text.trim();
    let names = || choice.options.iter().map(|option| option.name.as_str());
    let unknown = || Err(Box::new(Message::CellNotAnOption { typed: cut(text) }));
    if choice.multiple {
        return match names().nth(index) {
            _ if text.is_empty() => Ok(vec![0.0]),
            Some(name) if name == text => Ok(vec![1.0]),
            _ => unknown(),
        };
    }
    match names().position(|name| name == text) {
        _ if text.is_empty() => Err(Box::new(Message::CellEmpty)),
        Some(position) => Ok(vec![position as f64]),
        None => unknown(),
    }
}

fn read_number(text: &str) -> Result<f64, Box<Message>> {
    let typed = || cut(text);
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
fn judge_cell(
    field: &Field,
    index: usize,
    (typed, got): (&str, &[f64]),
    wanted: &[f64],
    follows: Option<f64>,
) -> Option<Message> {
    if field.entry == Entry::Shape {
        return (!field.agrees(got, wanted)).then_some(Message::CellWrong);
    }
    let got = got.first().copied().unwrap_or(f64::NAN);
    let precision = field.precision(index);
    let expected = wanted.first().copied().unwrap_or(f64::NAN);
    match (precision.compare(got, expected), follows, &field.carry) {
        (Closeness::Right, _, _) => None,
        (_, Some(follows), Some(carry)) if precision.compare(got, follows) == Closeness::Right => {
            Some(Message::CellCarried {
                from: carry.from.iter().map(ToString::to_string).collect(),
            })
        }
        (Closeness::LessPrecise, _, _) => Some(Message::CellLessPrecise {
            decimals: precision.decimals,
        }),
        (Closeness::Wrong, _, _)
            if !precision.integer && is_coarser(typed, got, expected, precision.decimals) =>
        {
            Some(Message::CellLessPrecise {
                decimals: precision.decimals,
            })
        }
        (Closeness::Wrong, _, _) => Some(Message::CellWrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::pack::{Carry, ChoiceOption, Precision, Trace, TraceColumn};

    fn field(shape: &[usize]) -> Field {
        Field {
            carry: None,
            entry: Entry::Number,
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
        let typed: Vec<String> = ["0,6", "0.3", "\u{2212}0,06"].map(String::from).to_vec();
        let report = ReadField::new(&field(&[3]), Some(&typed)).judge(&expected, None);
        assert_eq!(report.verdict, Verdict::WrongAnswer);
        assert_eq!(report.score, Score::from_points(20));
        assert_eq!(report.cells[1].message, Some(Message::CellWrong));
        for text in ["0.65", "0,6", "0.644"] {
            let (field, typed) = (field(&[]), vec![text.to_owned()]);
            let nearly = ReadField::new(&field, Some(&typed)).judge(&[0.6457], None);
            assert_eq!(
                nearly.cells[0].message,
                Some(Message::CellLessPrecise { decimals: 3 }),
                "{text}"
            );
            assert_eq!(nearly.score, Score::ZERO);
        }
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

    fn choice(multiple: bool) -> Field {
        let option = |name: &str| ChoiceOption {
            name: name.parse().unwrap(),
            text: gradien_problems::Localized {
                id: name.into(),
                en: name.into(),
            },
        };
        Field {
            entry: Entry::Choice(Choice {
                options: ["a", "b", "c"].map(option).to_vec(),
                multiple,
                withheld: true,
            }),
            shape: if multiple { vec![3] } else { vec![] },
            ..field(&[])
        }
    }

    fn typed(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn choices_are_right_as_a_whole() {
        for (texts, right) in [
            (vec!["a", "", "c"], true),
            (vec!["a", "b", "c"], false),
            (vec!["", "", ""], false),
            (vec!["c", "", "a"], false),
        ] {
            let (field, texts) = (choice(true), typed(&texts));
            let report = ReadField::new(&field, Some(&texts)).judge(&[1.0, 0.0, 1.0], None);
            let points = if right { 30 } else { 0 };
            assert_eq!(report.score, Score::from_points(points), "{texts:?}");
        }
        for (text, message) in [
            ("b", None),
            ("a", Some(Message::CellWrong)),
            ("", Some(Message::CellEmpty)),
            ("d", Some(Message::CellNotAnOption { typed: "d".into() })),
        ] {
            let (field, texts) = (choice(false), typed(&[text]));
            let report = ReadField::new(&field, Some(&texts)).judge(&[1.0], None);
            assert_eq!(report.cells[0].message, message, "{text}");
        }
    }

    #[test]
    fn shapes_and_whole_numbers_are_exact() {
        let shape = Field {
            entry: Entry::Shape,
            ..field(&[])
        };
        for (text, message) in [
            ("(32, 10)", None),
            ("32 x 10", None),
            ("(10, 32)", Some(Message::CellWrong)),
            ("(32, 10, 1)", Some(Message::CellWrong)),
            ("(32)", Some(Message::CellWrong)),
            ("", Some(Message::CellEmpty)),
            (
                "many",
                Some(Message::CellNotAShape {
                    typed: "many".into(),
                }),
            ),
        ] {
            let texts = typed(&[text]);
            let report = ReadField::new(&shape, Some(&texts)).judge(&[32.0, 10.0], None);
            assert_eq!(report.cells[0].message, message, "{text}");
            assert_eq!(report.cells.len(), 1);
        }
        let integer = Field {
            entry: Entry::Integer,
            ..field(&[])
        };
        for (text, message) in [
            ("3", None),
            ("6/2", None),
            (
                "3.4",
                Some(Message::CellNotWhole {
                    typed: "3.4".into(),
                }),
            ),
            ("4", Some(Message::CellWrong)),
        ] {
            let texts = typed(&[text]);
            let report = ReadField::new(&integer, Some(&texts)).judge(&[3.0], None);
            assert_eq!(report.cells[0].message, message, "{text}");
        }
    }

    #[test]
    fn a_trace_has_a_precision_for_each_column_and_carries_by_cells() {
        let column = |decimals: Option<u32>| TraceColumn {
            label: "c".into(),
            precision: Precision {
                decimals: decimals.unwrap_or(0),
                slack_units: 0.0,
                integer: decimals.is_none(),
            },
        };
        let trace = Field {
            entry: Entry::Trace(Trace {
                given: vec![],
                columns: vec![column(Some(1)), column(None)],
            }),
            shape: vec![2, 2],
            carry: Some(Carry {
                from: vec![],
                function: "steps".into(),
                share_percent: 50,
            }),
            ..field(&[])
        };
        let texts = typed(&["0.54", "1", "0.9", ""]);
        let read = ReadField::new(&trace, Some(&texts));
        assert_eq!(read.numbers(), None);
        assert!(read.cells_or_nan()[3].is_nan());
        let report = read.judge(&[0.5, 0.0, 0.7, 2.0], Some(&[0.5, 0.0, 0.9, f64::NAN]));
        let messages: Vec<_> = report
            .cells
            .iter()
            .map(|cell| cell.message.clone())
            .collect();
        assert_eq!(
            messages,
            [
                None,
                Some(Message::CellWrong),
                Some(Message::CellCarried { from: vec![] }),
                Some(Message::CellEmpty)
            ]
        );
        // One of four cells right and one carried at half: 3/8 of 30 points.
        assert_eq!(report.score, Score::from_points(30).share(150, 400));
    }
}
