use super::*;

fn examples() -> Vec<Message> {
    let frame = Frame {
        file: "solution.py".into(),
        line: 3,
        function: "f".into(),
        text: "x / 0".into(),
    };
    vec![
        Message::SyntaxError {
            detail: "invalid syntax".into(),
            line: Some(2),
            text: "def".into(),
        },
        Message::FunctionMissing {
            function: "f".into(),
            defined: vec![],
        },
        Message::FunctionMissing {
            function: "f".into(),
            defined: vec!["g".into(), "h".into()],
        },
        Message::Exception {
            kind: "ValueError".into(),
            detail: "no".into(),
            frames: vec![frame],
        },
        Message::OutOfFuel { limit: 7 },
        Message::WallLimit { limit_ms: 9000 },
        Message::OutOfMemory {
            limit_bytes: 256 << 20,
        },
        Message::OutputLimit {
            limit_bytes: 64 << 10,
        },
        Message::Exited,
        Message::InterpreterCrashed,
        Message::ReturnedNothing {
            function: "f".into(),
        },
        Message::BadReturn {
            type_name: "ndarray".into(),
            reason: BadReturn::ObjectDtype,
        },
        Message::BadReturn {
            type_name: "str".into(),
            reason: BadReturn::UnsupportedType,
        },
        Message::BadReturn {
            type_name: "list".into(),
            reason: BadReturn::TooLarge,
        },
        Message::BadReturn {
            type_name: "list".into(),
            reason: BadReturn::Malformed,
        },
        Message::WrongContainer {
            expected: Container::Tuple { length: 2 },
            got: Container::Dict { length: 3 },
        },
        Message::WrongShape {
            output: Some("h".into()),
            expected: vec![3],
            got: vec![3, 1],
        },
        Message::WrongKind {
            output: None,
            expected: NumberKind::Float,
            got: "int64".into(),
        },
        Message::NotFinite {
            output: None,
            place: "[0]".into(),
            value: "nan".into(),
        },
        Message::WrongValues {
            output: None,
            wrong: 1,
            total: 4,
            place: "[1, 0]".into(),
            got: "0.1".into(),
            expected: "0.2".into(),
        },
        Message::LessPrecise {
            output: None,
            wrong: 1,
            total: 4,
            place: "[1]".into(),
            got: "0.1".into(),
            expected: "0.1001".into(),
            tolerance: "rtol 1e-6".into(),
        },
        Message::CellEmpty,
        Message::CellNotANumber {
            typed: "abc".into(),
        },
        Message::CellThousandsSeparator {
            typed: "1.000,5".into(),
        },
        Message::CellNotFinite {
            typed: "1e999".into(),
        },
        Message::CellTooLong,
        Message::CellWrong,
        Message::CellUnknownName {
            typed: "sgn(1)".into(),
            name: "sgn".into(),
        },
        Message::CellCarried {
            from: vec!["z1".into(), "a1".into()],
        },
        Message::CellLessPrecise { decimals: 3 },
        Message::FieldShape {
            expected: vec![3],
            got: vec![2],
        },
        Message::InputMissing { input: "x".into() },
        Message::JudgeError {
            incident: "a1b2".into(),
        },
    ]
}

#[test]
fn both_languages_say_every_message_and_differ() {
    for message in examples() {
        let (id, en) = (message.text(Language::Id), message.text(Language::En));
        assert!(!id.is_empty() && !en.is_empty());
        let same_by_nature = matches!(message, Message::Exception { .. });
        assert!(same_by_nature || id != en, "{en}");
    }
}

#[test]
fn messages_survive_both_formats() {
    for message in examples() {
        let json = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&json).unwrap(), message);
        let packed = rmp_serde::to_vec_named(&message).unwrap();
        assert_eq!(rmp_serde::from_slice::<Message>(&packed).unwrap(), message);
    }
}

#[test]
fn an_exception_shows_the_students_line() {
    let text = examples()[3].text(Language::En);
    assert_eq!(text, "ValueError: no\n  solution.py, line 3, f\n    x / 0");
}
