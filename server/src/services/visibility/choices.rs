//! Choices that could be found by trying: told right or wrong only when the whole is
//! right, or to whoever has no attempt left ([`Feedback::choices`]).
//!
//! Their points are given in the first case alone (the judge of kind `answer` sees
//! to it), so that no score tells what is kept back here.

use super::{Feedback, VisibleSubtask};
use gradien_problems::pack::Kind;
use gradien_problems::report::{CellReport, Report};
use gradien_problems::{Message, Pack, Score, Verdict};

/// The names of the fields that this viewer is not told about yet.
pub fn withheld<'a>(feedback: Feedback, report: &Report, pack: &'a Pack) -> Vec<&'a str> {
    let Kind::Answer(answer) = &pack.kind else {
        return Vec::new();
    };
    if feedback.choices || report.verdict == Verdict::Accepted {
        return Vec::new();
    }
    let fields = answer.fields.iter().filter(|field| field.is_withheld());
    fields.map(|field| field.name.as_str()).collect()
}

/// That nothing was chosen, or nothing that can be, everybody sees for themselves.
pub fn keep_back(subtask: &mut VisibleSubtask) {
    subtask.verdict = Verdict::Skipped;
    subtask.score = Score::ZERO;
    for cell in &mut subtask.cells {
        let evident = matches!(
            cell.message,
            Some(Message::CellEmpty | Message::CellNotAnOption { .. })
        );
        if !evident {
            *cell = CellReport {
                verdict: Verdict::Skipped,
                typed: cell.typed.clone(),
                message: Some(Message::CellWithheld),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::visibility::{Sight, report_with};
    use gradien_problems::protocol::Submission;
    use gradien_problems::report::{Diagnosis, Provenance, SubtaskReport};
    use std::collections::BTreeMap;
    use std::path::Path;

    fn part(name: &str, verdict: Verdict) -> SubtaskReport {
        SubtaskReport {
            name: name.parse().unwrap(),
            verdict,
            score: Score::ZERO,
            max_score: Score::from_points(10),
            cases: vec![],
            cells: vec![CellReport {
                verdict,
                typed: "no".into(),
                message: (verdict != Verdict::Accepted).then_some(Message::CellWrong),
            }],
        }
    }

    #[test]
    fn a_choice_is_told_with_a_right_whole_or_after_the_last_attempt() {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        let pack = Pack::load(&packs.join("ch1-perceptron-trace")).unwrap();
        let Kind::Answer(answer) = &pack.kind else {
            panic!("another kind")
        };
        let choice = answer.fields.iter().find(|field| field.is_withheld());
        let choice = choice.unwrap().name.as_str();
        let submission = Submission::Answer {
            variant: 0,
            fields: BTreeMap::new(),
        };
        let last = Feedback {
            choices: true,
            ..Feedback::PRACTICE
        };
        use Verdict::{Accepted, Skipped, WrongAnswer};
        let (practice, bare) = (Feedback::PRACTICE, Feedback::VERDICTS);
        for (feedback, sight, whole, of_choice, seen) in [
            (practice, Sight::Own, WrongAnswer, Accepted, Skipped),
            (practice, Sight::Own, WrongAnswer, WrongAnswer, Skipped),
            (bare, Sight::Own, WrongAnswer, Accepted, Skipped),
            (practice, Sight::Own, Accepted, Accepted, Accepted),
            (last, Sight::Own, WrongAnswer, Accepted, Accepted),
            (bare, Sight::Full, WrongAnswer, Accepted, Accepted),
        ] {
            let report = Report {
                subtasks: vec![part(choice, of_choice)],
                diagnoses: vec![Diagnosis {
                    misconception: pack.misconceptions[0].name.clone(),
                    subtasks: vec![choice.parse().unwrap()],
                }],
                ..Report::bare(
                    whole,
                    pack.max_score(),
                    Provenance::not_run(pack.hash.clone(), "cpu"),
                )
            };
            let told = report_with(feedback, sight, &report, &pack, &submission);
            let subtask = &told.subtasks[0];
            assert_eq!((subtask.verdict, subtask.cells[0].verdict), (seen, seen));
            // The same, whichever way the choice went.
            if seen == Skipped {
                assert_eq!(subtask.cells[0].message, Some(Message::CellWithheld));
                assert!(told.diagnoses.is_empty());
            }
        }
    }
}
