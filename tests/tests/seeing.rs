//! What a report holds to see where it goes wrong, from the real grader.

use anyhow::{Context, Result};
use gradien_problems::message::PrecisionLoss;
use gradien_problems::protocol::Submission;
use gradien_problems::steps::StepState;
use gradien_problems::{Message, Pack, Report};
use gradien_tests::packs;
use gradien_tests::supervisor::Supervisor;

fn judge(pack: &Pack, submission: &Submission) -> Result<Report> {
    let store = tempfile::tempdir()?;
    Supervisor::start(store.path())?.judge(pack, submission)
}

fn example<'a>(pack: &'a Pack, path: &str) -> Result<&'a Submission> {
    let found = pack.submissions.iter().find(|one| one.path == path);
    Ok(&found.with_context(|| path.to_owned())?.submission)
}

#[test]
fn the_step_of_the_slip_is_the_only_one_that_is_wrong() -> Result<()> {
    let pack = packs::load("ch3-backprop-hand");
    let report = judge(&pack, example(&pack, "wrong_answer/slip_in_delta.toml")?)?;
    let states = |state: StepState| -> Vec<&str> {
        let steps = report.steps.iter().filter(|step| step.state == state);
        steps.map(|step| step.name.as_str()).collect()
    };
    assert_eq!(states(StepState::Wrong), ["d2"]);
    assert_eq!(states(StepState::Right), ["z1", "a1", "z2", "a2"]);
    assert_eq!(
        states(StepState::NotAsked),
        ["dL_da2", "s2", "dL_da1", "s1"]
    );
    assert_eq!(states(StepState::Follows).len(), 7);
    let slip = report.steps.iter().find(|step| step.name == "d2").unwrap();
    assert_eq!(slip.got.as_ref().unwrap().elements, ["0.3387"]);
    assert_eq!(slip.worst, Some(0));

    let right = judge(&pack, example(&pack, "accepted/exact.toml")?)?;
    assert!(right.steps.is_empty());
    Ok(())
}

#[test]
fn an_open_case_has_the_gates_of_the_right_computation() -> Result<()> {
    let pack = packs::load("ch5-gru-cell");
    let report = judge(
        &pack,
        example(&pack, "wrong_answer/reset_as_in_pytorch.py")?,
    )?;
    let case = &report.subtasks[0].cases[0];
    let detail = case.detail.as_ref().context("the first case is open")?;
    let names = detail.steps.iter().filter_map(|step| step.name.as_deref());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["joined", "z", "r", "reset", "candidate", "kept", "taken"]
    );
    Ok(())
}

#[test]
fn rounded_results_are_less_precise_and_not_just_wrong() -> Result<()> {
    let pack = packs::load("ch5-gru-cell");
    let Submission::Function { source } = example(&pack, "accepted/last_axis.py")? else {
        anyhow::bail!("another kind");
    };
    let source = format!(
        "{source}\n\nexact = gru_cell\n\ndef gru_cell(*args):\n    return np.round(exact(*args), 3)\n"
    );
    let report = judge(&pack, &Submission::Function { source })?;
    let message = report.subtasks[0].cases[0].message.as_ref();
    let Some(Message::LessPrecise { cause, .. }) = message else {
        anyhow::bail!("another message: {message:?}");
    };
    assert_eq!(*cause, Some(PrecisionLoss::Rounded { decimals: 3 }));
    Ok(())
}
