//! The steps of the right computation beside the fields that were handed in.

use crate::prepare::PreparedCase;
use crate::show::show;
use gradien_problems::Verdict;
use gradien_problems::message::Message;
use gradien_problems::pack::{AnswerKind, Field};
use gradien_problems::report::SubtaskReport;
use gradien_problems::steps::{StepReport, StepState};
use gradien_sandbox::array::{Array, Value};

/// Empty where the pack has no trace or every field is right. `typed` has each
/// field's numbers, `None` where one cannot be read.
pub fn steps(
    answer: &AnswerKind,
    case: &PreparedCase,
    typed: &[Option<Vec<f64>>],
    judged: &[SubtaskReport],
) -> Vec<StepReport> {
    if judged.iter().all(|one| one.verdict == Verdict::Accepted) {
        return Vec::new();
    }
    let steps = case.steps.iter().map(|step| {
        let mut fields = answer.fields.iter().zip(typed).zip(judged);
        let field = fields.find(|((field, _), _)| field.name.as_str() == step.name);
        let expected = show(None, &step.value, None);
        let Some(((field, numbers), report)) = field else {
            return StepReport {
                name: step.name.clone(),
                state: StepState::NotAsked,
                got: None,
                expected,
                worst: None,
            };
        };
        let got = numbers.as_ref().map(|numbers| typed_array(field, numbers));
        StepReport {
            name: step.name.clone(),
            state: state(report, got.is_some()),
            worst: got.as_ref().and_then(|got| worst(got, &step.value)),
            got: got.map(|array| show(None, &array.into(), None)),
            expected,
        }
    });
    steps.collect()
}

/// A shape that was typed is a vector of as many numbers as it has axes.
fn typed_array(field: &Field, numbers: &[f64]) -> Array {
    match field.shape.iter().product::<usize>() == numbers.len() {
        true => Array::from_f64(&field.shape, numbers),
        false => Array::from_f64(&[numbers.len()], numbers),
    }
}

fn state(report: &SubtaskReport, read: bool) -> StepState {
    let follows =
        |message: &Option<Message>| matches!(message, None | Some(Message::CellCarried { .. }));
    if report.verdict == Verdict::Accepted {
        StepState::Right
    } else if report.cells.iter().all(|cell| follows(&cell.message)) {
        StepState::Follows
    } else if read {
        StepState::Wrong
    } else {
        StepState::Unread
    }
}

/// The element that is furthest off; `None` where all are equal.
fn worst(got: &Array, expected: &Value) -> Option<usize> {
    let Value::Array(expected) = expected else {
        return None;
    };
    let (got, expected) = (got.to_f64_vec(), expected.to_f64_vec());
    let off = got.iter().zip(&expected).map(|(g, e)| (g - e).abs());
    let (index, off) = off.enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (off > 0.0).then_some(index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Score;
    use gradien_problems::report::CellReport;

    fn report(messages: &[Option<Message>]) -> SubtaskReport {
        let verdict = |message: &Option<Message>| match message {
            None => Verdict::Accepted,
            Some(_) => Verdict::WrongAnswer,
        };
        SubtaskReport {
            name: "z1".parse().unwrap(),
            verdict: Verdict::fold(messages.iter().map(verdict)),
            score: Score::ZERO,
            max_score: Score::from_points(1),
            cases: vec![],
            cells: messages
                .iter()
                .map(|message| CellReport {
                    verdict: verdict(message),
                    typed: "1".into(),
                    message: message.clone(),
                })
                .collect(),
        }
    }

    #[test]
    fn a_step_is_wrong_only_where_it_neither_is_right_nor_follows() {
        let carried = || {
            Some(Message::CellCarried {
                from: vec!["z1".into()],
            })
        };
        for (messages, read, expected) in [
            (vec![None, None], true, StepState::Right),
            (vec![None, carried()], true, StepState::Follows),
            (
                vec![carried(), Some(Message::CellWrong)],
                true,
                StepState::Wrong,
            ),
            (
                vec![None, Some(Message::CellEmpty)],
                false,
                StepState::Unread,
            ),
        ] {
            assert_eq!(state(&report(&messages), read), expected, "{messages:?}");
        }
    }

    #[test]
    fn the_worst_element_is_the_furthest_off() {
        let array = |values: [f64; 3]| Array::from_f64(&[3], &values);
        let right: Value = array([1.0, 2.0, 3.0]).into();
        assert_eq!(worst(&array([1.1, 0.0, 3.5]), &right), Some(1));
        assert_eq!(worst(&array([1.0, 2.0, 3.0]), &right), None);
    }
}
