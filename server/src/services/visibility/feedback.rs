//! What helps to learn from a wrong answer also helps to guess the right one:
//! each kind of it can be switched off where that matters.

use gradien_problems::report::{CellReport, Diagnosis, Report};
use gradien_problems::{Localized, Message, Pack};

/// Which kinds of help are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feedback {
    /// The misconception behind a wrong answer, and which values are right from
    /// the student's own.
    pub diagnoses: bool,
    /// Which step goes wrong first, and intermediate values as far as the pack
    /// lets them be seen.
    pub steps: bool,
    /// A failing case with its inputs and both outputs.
    pub counterexample: bool,
    /// The pack's staged hints.
    pub hints: bool,
    /// What an opened hint costs is taken from the score.
    pub hint_costs: bool,
    /// Verdicts of choices that are withheld as long as the whole is not right: for
    /// whoever has no attempt left.
    pub choices: bool,
    /// The value on part B, and what it tells of a submission.
    pub part_b: bool,
}

impl Feedback {
    /// Everything.
    pub const PRACTICE: Feedback = Feedback {
        diagnoses: true,
        steps: true,
        counterexample: true,
        hints: true,
        hint_costs: true,
        choices: false,
        part_b: false,
    };
    /// Nothing but verdicts and scores.
    pub const VERDICTS: Feedback = Feedback {
        diagnoses: false,
        steps: false,
        counterexample: false,
        hints: false,
        hint_costs: false,
        choices: false,
        part_b: false,
    };
}

/// A diagnosis with the text that the student reads.
#[derive(Debug, Clone, PartialEq)]
pub struct VisibleDiagnosis {
    /// Markdown with LaTeX between dollar signs.
    pub text: Localized,
    pub found: Diagnosis,
}

/// Those of the report that its pack has a text for. What one says of a field that
/// is `withheld` would tell that field's verdict.
pub fn diagnoses(
    feedback: Feedback,
    report: &Report,
    pack: &Pack,
    withheld: &[&str],
) -> Vec<VisibleDiagnosis> {
    if !feedback.diagnoses {
        return Vec::new();
    }
    let given = report.variant.as_ref();
    let given = given.map_or(&[][..], |variant| &variant.given);
    let known = report.diagnoses.iter().filter_map(|found| {
        let mut misconceptions = pack.misconceptions.iter();
        let one = misconceptions.find(|one| one.name == found.misconception)?;
        let mut found = found.clone();
        found
            .subtasks
            .retain(|name| !withheld.contains(&name.as_str()));
        (!found.subtasks.is_empty()).then(|| VisibleDiagnosis {
            text: pack.fill_both(&one.text, given),
            found,
        })
    });
    known.collect()
}

/// A cell of kind `answer`. Without diagnoses a carried value is just not right.
pub fn cell(feedback: Feedback, cell: &CellReport) -> CellReport {
    let carried = matches!(cell.message, Some(Message::CellCarried { .. }));
    CellReport {
        message: match carried && !feedback.diagnoses {
            true => Some(Message::CellWrong),
            false => cell.message.clone(),
        },
        ..cell.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::visibility::{Sight, report_with};
    use gradien_problems::protocol::Submission;
    use gradien_problems::report::{Provenance, SubtaskReport};
    use gradien_problems::{Score, Verdict};
    use std::collections::BTreeMap;
    use std::path::Path;

    fn report(pack: &Pack) -> Report {
        Report {
            subtasks: vec![SubtaskReport {
                name: "a1".parse().unwrap(),
                verdict: Verdict::WrongAnswer,
                score: Score::ZERO,
                max_score: Score::from_points(8),
                cases: vec![],
                cells: vec![CellReport {
                    verdict: Verdict::WrongAnswer,
                    typed: "0.5".into(),
                    message: Some(Message::CellCarried {
                        from: vec!["z1".into()],
                    }),
                }],
            }],
            diagnoses: vec![Diagnosis {
                misconception: "weights_forgotten".parse().unwrap(),
                subtasks: vec!["d1".parse().unwrap()],
            }],
            ..Report::bare(
                Verdict::WrongAnswer,
                pack.max_score(),
                Provenance::not_run(pack.hash.clone(), "cpu"),
            )
        }
    }

    #[test]
    fn flaws_are_told_where_diagnoses_are() {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        let pack = Pack::load(&packs.join("ch3-spiral-mlp")).unwrap();
        let (_, text) = pack.kind.flaws()[0];
        let report = Report {
            messages: vec![Message::Flaw {
                text: text.clone(),
                on_b: false,
            }],
            ..report(&pack)
        };
        let submission = Submission::Function {
            source: String::new(),
        };
        for (feedback, sight, told) in [
            (Feedback::PRACTICE, Sight::Own, 1),
            (Feedback::VERDICTS, Sight::Own, 0),
            (Feedback::VERDICTS, Sight::Full, 1),
        ] {
            let seen = report_with(feedback, sight, &report, &pack, &submission);
            assert_eq!(seen.messages.len(), told);
        }
    }

    #[test]
    fn diagnoses_and_carried_values_can_be_kept_from_students_but_not_from_staff() {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        let pack = Pack::load(&packs.join("ch3-backprop-hand")).unwrap();
        let submission = Submission::Answer {
            fields: BTreeMap::new(),
            variant: 0,
        };
        let seen = |feedback, sight| {
            let seen = report_with(feedback, sight, &report(&pack), &pack, &submission);
            (
                seen.diagnoses.len(),
                seen.subtasks[0].cells[0].message.clone(),
            )
        };
        let carried = Message::CellCarried {
            from: vec!["z1".into()],
        };
        for (feedback, sight, shown) in [
            (Feedback::PRACTICE, Sight::Own, true),
            (Feedback::VERDICTS, Sight::Own, false),
            (Feedback::VERDICTS, Sight::Full, true),
        ] {
            let message = if shown {
                carried.clone()
            } else {
                Message::CellWrong
            };
            assert_eq!(seen(feedback, sight), (usize::from(shown), Some(message)));
        }
    }
}
