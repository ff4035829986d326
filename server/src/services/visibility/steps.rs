//! Which steps of the right computation somebody sees after a wrong answer:
//! never one beyond the first that goes wrong, and of those before it only as
//! much as the pack reveals.

use super::Feedback;
use gradien_problems::pack::{Kind, Reveal};
use gradien_problems::shown::ShownValue;
use gradien_problems::steps::{StepReport, StepState};
use gradien_problems::{Localized, Pack, Report};

/// Steps as far as they may be seen.
#[derive(Debug, Clone, PartialEq)]
pub struct VisibleSteps {
    /// The first step that is wrong and not by an earlier one.
    pub first_wrong: Option<Localized>,
    /// In the order of the computation.
    pub steps: Vec<VisibleStep>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct VisibleStep {
    pub label: Localized,
    pub state: StepState,
    pub is_first_wrong: bool,
    pub got: Option<ShownValue>,
    /// The right value, where it may be seen.
    pub expected: Option<ShownValue>,
    pub worst: Option<usize>,
}

/// `None` where there is nothing to say or it may not be said.
pub fn steps(
    feedback: Feedback,
    full: bool,
    report: &Report,
    pack: &Pack,
    withheld: &[&str],
) -> Option<VisibleSteps> {
    let trace = pack.trace.as_ref()?;
    // What is kept back elsewhere is not told here either.
    let told = |step: &&StepReport| !withheld.contains(&step.name.as_str());
    let all: Vec<&StepReport> = report.steps.iter().filter(told).collect();
    if all.is_empty() || !feedback.steps {
        return None;
    }
    let label = |step: &StepReport| label_of(pack, &step.name);
    let wrong = |step: &StepReport| step.state == StepState::Wrong;
    let first_wrong = all.iter().position(|step| wrong(step));
    // A field that was left open bounds what is shown as well: its value, and
    // what leads further, is still to be found.
    let stuck = |step: &StepReport| matches!(step.state, StepState::Wrong | StepState::Unread);
    let bound = all.iter().position(|step| stuck(step));
    let before = |index: usize| bound.is_some_and(|bound| index < bound);
    let shown = all.iter().enumerate().filter_map(|(index, step)| {
        let expected = full
            || match step.state {
                StepState::NotAsked => trace.reveal >= Reveal::Steps && before(index),
                StepState::Unread => false,
                // Right values are the student's own already.
                StepState::Right | StepState::Follows => {
                    trace.reveal == Reveal::Values && before(index)
                }
                StepState::Wrong => {
                    trace.reveal == Reveal::Values
                        && Some(index) == first_wrong
                        && bound == first_wrong
                }
            };
        if step.state == StepState::NotAsked && !expected {
            return None;
        }
        Some(VisibleStep {
            label: label(step),
            state: step.state,
            is_first_wrong: Some(index) == first_wrong,
            got: step.got.clone(),
            expected: expected.then(|| step.expected.clone()),
            worst: step.worst.filter(|_| expected),
        })
    });
    Some(VisibleSteps {
        first_wrong: first_wrong.map(|index| label(all[index])),
        steps: shown.collect(),
    })
}

/// Of an open case of kind `function`: its steps, named as people read them,
/// where the pack reveals values.
pub fn of_case(
    feedback: Feedback,
    full: bool,
    steps: Vec<ShownValue>,
    pack: &Pack,
) -> Vec<ShownValue> {
    let reveals = pack
        .trace
        .as_ref()
        .is_some_and(|trace| trace.reveal == Reveal::Values);
    if full || (feedback.steps && reveals) {
        steps
    } else {
        Vec::new()
    }
}

/// A field's own label, the pack's for the step, or its bare name.
pub fn label_of(pack: &Pack, name: &str) -> Localized {
    if let Kind::Answer(answer) = &pack.kind {
        let mut fields = answer.fields.iter();
        if let Some(field) = fields.find(|field| field.name.as_str() == name) {
            return field.label.clone();
        }
    }
    let labels = pack.trace.as_ref().map(|trace| &trace.labels);
    match labels.and_then(|labels| labels.get(name)) {
        Some(label) => label.clone(),
        None => Localized {
            id: name.to_owned(),
            en: name.to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Verdict;
    use gradien_problems::report::Provenance;
    use std::path::Path;

    fn pack(reveal: Reveal) -> Pack {
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs");
        let mut pack = Pack::load(&packs.join("ch3-backprop-hand")).unwrap();
        pack.trace.as_mut().unwrap().reveal = reveal;
        pack
    }

    fn value(text: &str) -> ShownValue {
        ShownValue {
            name: None,
            dtype: "float64".into(),
            shape: vec![],
            elements: vec![text.into()],
            truncated: false,
        }
    }

    fn report(pack: &Pack, steps: &[(&str, StepState)]) -> Report {
        Report {
            steps: steps
                .iter()
                .map(|(name, state)| StepReport {
                    name: (*name).into(),
                    state: *state,
                    got: (*state != StepState::NotAsked).then(|| value("0.1")),
                    expected: value("0.2"),
                    worst: Some(0),
                })
                .collect(),
            ..Report::bare(
                Verdict::WrongAnswer,
                pack.max_score(),
                Provenance::not_run(pack.hash.clone(), "cpu"),
            )
        }
    }

    const STEPS: [(&str, StepState); 6] = [
        ("z1", StepState::Right),
        ("before", StepState::NotAsked),
        ("d2", StepState::Wrong),
        ("after", StepState::NotAsked),
        ("d1", StepState::Follows),
        ("gW1", StepState::Wrong),
    ];

    /// Names of the steps that are shown, those with the right value in capitals.
    fn seen(reveal: Reveal, feedback: Feedback, full: bool) -> Option<Vec<String>> {
        let pack = pack(reveal);
        let report = report(&pack, &STEPS);
        let seen = steps(feedback, full, &report, &pack, &[])?;
        let mut rest = STEPS.iter();
        let name = |step: &VisibleStep| {
            let label = |name: &str| label_of(&pack, name) == step.label;
            let (name, _) = rest.find(|(name, _)| label(name)).unwrap();
            match step.expected {
                Some(_) => name.to_uppercase(),
                None => (*name).to_owned(),
            }
        };
        Some(seen.steps.iter().map(name).collect())
    }

    #[test]
    fn nothing_beyond_the_first_wrong_step_is_ever_revealed() {
        let practice = Feedback::PRACTICE;
        for (reveal, full, expected) in [
            (Reveal::First, false, "z1 d2 d1 gW1"),
            (Reveal::Steps, false, "z1 BEFORE d2 d1 gW1"),
            (Reveal::Values, false, "Z1 BEFORE D2 d1 gW1"),
            (Reveal::First, true, "Z1 BEFORE D2 AFTER D1 GW1"),
        ] {
            let seen = seen(reveal, practice, full).unwrap().join(" ");
            assert_eq!(seen, expected, "{reveal:?}");
        }
        assert_eq!(seen(Reveal::Values, Feedback::VERDICTS, false), None);
    }

    #[test]
    fn a_field_left_open_keeps_what_follows_it() {
        let pack = pack(Reveal::Values);
        let states = [
            ("z1", StepState::Unread),
            ("before", StepState::NotAsked),
            ("d2", StepState::Wrong),
        ];
        let seen = steps(
            Feedback::PRACTICE,
            false,
            &report(&pack, &states),
            &pack,
            &[],
        )
        .unwrap();
        assert!(seen.steps.iter().all(|step| step.expected.is_none()));
        assert_eq!(seen.first_wrong, Some(label_of(&pack, "d2")));
        let kept = steps(
            Feedback::PRACTICE,
            false,
            &report(&pack, &states),
            &pack,
            &["d2"],
        );
        assert_eq!(kept.unwrap().first_wrong, None);
    }
}
