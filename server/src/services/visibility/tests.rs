//! The table of who sees what, and what a program may try to send out.

use super::*;
use crate::ids::SessionId;
use crate::services::accounts::{Preferences, Role, User};
use gradien_problems::message::{Container, Frame, NumberKind};
use gradien_problems::report::SubtaskReport;
use gradien_problems::shown::ShownValue;

const SECRET: &str = "0.7316";
const SOURCE: &str = "def gru_cell(x, h):\n    raise MyError('no')\n";

fn viewer(role: Role) -> Viewer {
    Viewer {
        user: User {
            id: UserId::random(),
            username: "budi".into(),
            display_name: "Budi".into(),
            role,
            preferences: Preferences::default(),
            created_at_ms: 0,
        },
        session: SessionId::random(),
    }
}

fn pack(open_cases: u32) -> Pack {
    let folder =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../problems/packs/ch5-gru-cell");
    let mut pack = Pack::load(&folder).unwrap();
    if let Kind::Function(function) = &mut pack.kind {
        function.subtasks[0].open_cases = open_cases;
    }
    pack
}

fn submission() -> Submission {
    Submission::Function {
        source: SOURCE.into(),
    }
}

fn shown() -> Vec<ShownValue> {
    vec![ShownValue {
        name: Some("x".into()),
        dtype: "float64".into(),
        shape: vec![],
        elements: vec![SECRET.into()],
        truncated: false,
    }]
}

fn case_with(open: bool, message: Option<Message>) -> CaseReport {
    CaseReport {
        index: 3,
        verdict: Verdict::WrongAnswer,
        open,
        fuel: 123_457,
        message,
        detail: Some(CaseDetail {
            inputs: shown(),
            expected: shown(),
            got: shown(),
            worst: None,
            steps: vec![],
            stdout: SECRET.into(),
            stderr: SECRET.into(),
        }),
    }
}

fn report_with(cases: Vec<CaseReport>, messages: Vec<Message>) -> Report {
    Report {
        subtasks: vec![SubtaskReport {
            name: "single".parse().unwrap(),
            verdict: Verdict::WrongAnswer,
            score: Score::ZERO,
            max_score: Score::from_points(40),
            cases,
            cells: vec![],
        }],
        messages,
        usage: Some(Usage {
            fuel: 123_457,
            fuel_limit: 1_000_000,
            memory_bytes: 7_654_321,
            memory_limit_bytes: 10_000_000,
        }),
        ..Report::bare(
            Verdict::WrongAnswer,
            Score::from_points(100),
            Provenance::not_run("0".repeat(64).parse().unwrap(), "cpu"),
        )
    }
}

fn exception(kind: &str, frames: Vec<Frame>) -> Message {
    Message::Exception {
        kind: kind.into(),
        detail: format!("x was {SECRET}"),
        frames,
    }
}

fn frame(file: &str, line: u32, function: &str, text: &str) -> Frame {
    Frame {
        file: file.into(),
        line,
        function: function.into(),
        text: text.into(),
    }
}

/// Every message that a program can cause, each with the secret wherever the
/// program can put it.
fn telling_messages() -> Vec<Message> {
    let secret = || SECRET.to_owned();
    vec![
        exception(SECRET, vec![frame("solution.py", 2, SECRET, SECRET)]),
        exception("ValueError", vec![frame(SECRET, 1, "gru_cell", SECRET)]),
        Message::BadReturn {
            type_name: secret(),
            reason: gradien_problems::message::BadReturn::UnsupportedType,
        },
        Message::WrongContainer {
            expected: Container::Single,
            got: Container::Tuple { length: 7316 },
        },
        Message::WrongShape {
            output: None,
            expected: vec![3],
            got: vec![7316],
        },
        Message::WrongKind {
            output: None,
            expected: NumberKind::Float,
            got: secret(),
        },
        Message::NotFinite {
            output: None,
            place: secret(),
            value: "nan".into(),
        },
        Message::WrongValues {
            output: None,
            wrong: 1,
            total: 3,
            place: secret(),
            got: secret(),
            expected: secret(),
        },
        Message::LessPrecise {
            output: None,
            wrong: 1,
            total: 3,
            place: secret(),
            got: secret(),
            expected: secret(),
            tolerance: secret(),
            cause: None,
        },
        Message::FunctionMissing {
            function: "gru_cell".into(),
            defined: vec![secret()],
        },
    ]
}

#[test]
fn students_see_their_own_and_staff_sees_all() {
    let author = viewer(Role::Student);
    for (viewer, sight) in [
        (author.clone(), Some(Sight::Own)),
        (viewer(Role::Student), None),
        (viewer(Role::Coach), Some(Sight::Full)),
        (viewer(Role::Admin), Some(Sight::Full)),
    ] {
        assert_eq!(sight_of_submission(&viewer, author.user.id), sight);
    }
}

#[test]
fn nothing_that_a_program_can_make_up_leaves_a_hidden_case() {
    for message in telling_messages() {
        let cases = vec![case_with(false, Some(message.clone()))];
        let whole = report_with(cases, vec![message.clone()]);
        let seen = report(Sight::Own, &whole, &pack(0), &submission());
        let text = format!("{seen:?}");
        assert!(!text.contains("7316"), "{message:?} became {text}");
        assert!(!text.contains("123457"), "exact fuel: {text}");
        assert!(!text.contains("7654321"), "memory: {text}");
    }
}

#[test]
fn an_exception_in_a_hidden_case_keeps_its_type_and_own_lines() {
    let frames = vec![
        frame("driver.py", 9, "final_state", "h = cell(x, h)"),
        frame("solution.py", 2, "gru_cell", "made up"),
        frame("solution.py", 900, "gru_cell", "beyond the end"),
    ];
    for (kind, shown) in [
        ("ValueError", "ValueError"),
        ("MyError", "MyError"),
        ("E316", "Exception"),
    ] {
        let cases = vec![case_with(false, Some(exception(kind, frames.clone())))];
        let seen = report(
            Sight::Own,
            &report_with(cases, vec![]),
            &pack(2),
            &submission(),
        );
        let expected = Message::Exception {
            kind: shown.into(),
            detail: String::new(),
            frames: vec![frame("solution.py", 2, "gru_cell", "raise MyError('no')")],
        };
        assert_eq!(seen.subtasks[0].cases[0].message, Some(expected));
    }
}

#[test]
fn hidden_faults_are_told_by_their_kind() {
    let faults: Vec<_> = telling_messages()
        .into_iter()
        .map(|message| {
            let cases = vec![case_with(false, Some(message))];
            let seen = report(
                Sight::Own,
                &report_with(cases, vec![]),
                &pack(2),
                &submission(),
            );
            seen.subtasks[0].cases[0].fault
        })
        .collect();
    assert_eq!(
        faults,
        [
            None,
            None,
            Some(Fault::BadReturn),
            Some(Fault::Container),
            Some(Fault::Shape),
            Some(Fault::NumberKind),
            Some(Fault::NotFinite),
            Some(Fault::Values),
            Some(Fault::LessPrecise),
            None,
        ]
    );
}

#[test]
fn open_cases_and_staff_get_everything() {
    let message = exception("ValueError", vec![]);
    for (sight, open, sees_fuel) in [(Sight::Own, true, false), (Sight::Full, false, true)] {
        let cases = vec![case_with(open, Some(message.clone()))];
        let whole = report_with(cases, vec![]);
        let seen = report(sight, &whole, &pack(2), &submission());
        let one = &seen.subtasks[0].cases[0];
        assert_eq!(one.message.as_ref(), Some(&message));
        assert_eq!(one.detail, whole.subtasks[0].cases[0].detail);
        assert_eq!(one.fuel.is_some(), sees_fuel);
        assert_eq!(seen.usage.is_some(), sees_fuel);
        assert_eq!(seen.fuel_percent, Some(15));
    }
}

#[test]
fn messages_of_the_whole_are_full_only_where_the_first_case_is_open() {
    let message = exception("ValueError", vec![]);
    for (open_cases, kept) in [(1, true), (0, false)] {
        let whole = report_with(vec![], vec![message.clone()]);
        let seen = report(Sight::Own, &whole, &pack(open_cases), &submission());
        assert_eq!(seen.messages == [message.clone()], kept);
        assert_eq!(format!("{seen:?}").contains(SECRET), kept);
    }
}

#[test]
fn the_value_of_the_final_split_is_for_staff() {
    let value = |split, value| MetricValue {
        name: "accuracy".into(),
        split,
        value: Some(value),
    };
    let mut whole = report_with(vec![], vec![]);
    whole.metrics = vec![value(Split::A, 0.75), value(Split::B, 0.7316)];
    let own = report(Sight::Own, &whole, &pack(1), &submission());
    assert_eq!(own.metrics, whole.metrics[..1]);
    assert!(!format!("{own:?}").contains(SECRET));
    let full = report(Sight::Full, &whole, &pack(1), &submission());
    assert_eq!(full.metrics, whole.metrics);
}
