//! Where a hand computation leaves the right way, step by step.

use super::heat;
use super::value::ValueView;
use crate::i18n::{Text, Texts};
use crate::services::visibility::{VisibleStep, VisibleSteps};
use gradien_problems::steps::StepState;

pub struct StepsView {
    /// What the whole comes to.
    pub lead: String,
    pub steps: Vec<StepView>,
    /// Whether some right value is among them.
    pub has_expected: bool,
}

pub struct StepView {
    pub label: String,
    pub state: String,
    pub class: &'static str,
    pub is_first_wrong: bool,
    pub got: Option<ValueView>,
    pub expected: Option<ValueView>,
}

impl StepsView {
    pub fn new(steps: &VisibleSteps, t: Texts) -> StepsView {
        StepsView {
            lead: match &steps.first_wrong {
                Some(label) => t.with(
                    "steps-first-wrong",
                    "step",
                    label.get(t.language).to_owned(),
                ),
                None => t.get("steps-unfinished"),
            },
            has_expected: steps.steps.iter().any(|step| step.expected.is_some()),
            steps: steps.steps.iter().map(|step| view(step, t)).collect(),
        }
    }
}

fn view(step: &VisibleStep, t: Texts) -> StepView {
    let (got, expected) = match (&step.got, &step.expected) {
        (Some(got), Some(expected)) => {
            let compared = heat::compared(got, expected, step.worst, t);
            (Some(compared.got), Some(compared.expected))
        }
        (got, expected) => {
            let one = |value: &Option<_>| {
                let views = value.as_slice();
                heat::list(views, t).pop()
            };
            (one(got), one(expected))
        }
    };
    StepView {
        label: step.label.get(t.language).to_owned(),
        state: t.get(state_text(step.state, step.is_first_wrong).0),
        class: match step.state {
            StepState::Right | StepState::Follows => "right",
            StepState::Wrong => "wrong",
            StepState::Unread => "empty",
            StepState::NotAsked => "between",
        },
        is_first_wrong: step.is_first_wrong,
        got,
        expected,
    }
}

fn state_text(state: StepState, is_first_wrong: bool) -> Text {
    match state {
        StepState::Right => Text("cell-right"),
        StepState::Follows => Text("cell-carried"),
        StepState::Wrong if is_first_wrong => Text("step-first-wrong"),
        StepState::Wrong => Text("cell-wrong"),
        StepState::Unread => Text("step-unread"),
        StepState::NotAsked => Text("step-between"),
    }
}
