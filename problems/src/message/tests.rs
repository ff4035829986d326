use super::*;
use crate::architecture::{Quantity, WeightFault, Wrong};

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
        Message::RulesBroken {
            places: vec![
                BrokenRule {
                    line: 3,
                    text: "np.convolve(a, b)".into(),
                    rule: "np.convolve".into(),
                    breach: Breach::Used,
                },
                BrokenRule {
                    line: 4,
                    text: "getattr(np, name)".into(),
                    rule: "np.convolve".into(),
                    breach: Breach::CannotBeFollowed {
                        found: "numpy.?".into(),
                    },
                },
            ],
        },
        Message::NotLookedThrough,
        Message::Checked {
            text: crate::language::Localized {
                id: "Tiga dari empat.".into(),
                en: "Three of four.".into(),
            },
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
        Message::WrongJson {
            place: "result[\"a\"][2]".into(),
            fault: JsonFault::Kind {
                expected: JsonKind::Integer,
                got: JsonKind::Text,
            },
        },
        Message::WrongJson {
            place: "result[\"a\"][2]".into(),
            fault: JsonFault::Kind {
                expected: JsonKind::Boolean,
                got: JsonKind::None,
            },
        },
        Message::WrongJson {
            place: "result[\"a\"][2]".into(),
            fault: JsonFault::Kind {
                expected: JsonKind::Float,
                got: JsonKind::List,
            },
        },
        Message::WrongJson {
            place: "result[\"a\"][2]".into(),
            fault: JsonFault::Kind {
                expected: JsonKind::Dictionary,
                got: JsonKind::List,
            },
        },
        Message::WrongJson {
            place: "result[\"a\"][2]".into(),
            fault: JsonFault::Length {
                expected: 3,
                got: 2,
            },
        },
        Message::WrongJson {
            place: "result[\"a\"][2]".into(),
            fault: JsonFault::MissingKey { key: "b".into() },
        },
        Message::WrongJson {
            place: "result[\"a\"][2]".into(),
            fault: JsonFault::UnexpectedKey { key: "c".into() },
        },
        Message::WrongJson {
            place: "result[\"a\"][2]".into(),
            fault: JsonFault::Value {
                expected: "\"x\"".into(),
                got: "\"y\"".into(),
            },
        },
        Message::WrongJson {
            place: "result[\"a\"][2]".into(),
            fault: JsonFault::NotFinite { got: "nan".into() },
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
            cause: None,
        },
        Message::LessPrecise {
            output: Some("h".into()),
            wrong: 4,
            total: 4,
            place: "[1]".into(),
            got: "0.12".into(),
            expected: "0.1234".into(),
            tolerance: "rtol 1e-6".into(),
            cause: Some(crate::message::PrecisionLoss::Rounded { decimals: 2 }),
        },
        Message::LessPrecise {
            output: None,
            wrong: 4,
            total: 4,
            place: "[1]".into(),
            got: "0.1".into(),
            expected: "0.10000001".into(),
            tolerance: "rtol 1e-9".into(),
            cause: Some(crate::message::PrecisionLoss::Float32),
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
        Message::CellNotWhole {
            typed: "0,5".into(),
        },
        Message::CellNotAShape {
            typed: "32 by".into(),
        },
        Message::CellNotAnOption { typed: "x".into() },
        Message::CellWithheld,
        Message::CellCarried { from: vec![] },
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
        Message::VariableMissing {
            variable: "w".into(),
        },
        Message::Network {
            what: NetworkFault::Weights {
                name: "m.safetensors".into(),
                faults: vec![
                    WeightFault::Missing {
                        name: "0.weight".into(),
                        shape: vec![2, 3],
                    },
                    WeightFault::Huge {
                        name: "0.bias".into(),
                        largest: 1e9,
                        limit: 1e6,
                    },
                ],
                more: 2,
            },
        },
        Message::Network {
            what: NetworkFault::Weights {
                name: "m.safetensors".into(),
                faults: vec![WeightFault::NotFinite {
                    name: "0.bias".into(),
                    count: 3,
                }],
                more: 0,
            },
        },
        Message::Network {
            what: NetworkFault::Layers {
                what: Wrong::OverCap {
                    quantity: Quantity::Flops,
                    found: 9,
                    cap: 8,
                }
                .into(),
            },
        },
        Message::Network {
            what: NetworkFault::LayersMissing,
        },
        Message::Network {
            what: NetworkFault::LayersNotAsked,
        },
        Message::Network {
            what: NetworkFault::OutputsNotFinite { count: 1, total: 9 },
        },
        Message::Network {
            what: NetworkFault::OutOfMemory,
        },
        Message::Network {
            what: NetworkFault::Deadline { limit_ms: 60_000 },
        },
        Message::FileFaults {
            name: "a.csv".into(),
            faults: file_faults(),
            more: 3,
        },
        Message::Flaw {
            text: crate::language::Localized {
                id: "Semua sama.".into(),
                en: "All the same.".into(),
            },
            on_b: false,
        },
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

fn file_faults() -> Vec<FileFault> {
    let found = || Found::of(["r1", "r2"]).unwrap();
    let (line, column, text, entry) = (
        3,
        || "label".to_owned(),
        || "x".to_owned(),
        || "p".to_owned(),
    );
    vec![
        FileFault::BadElement {
            entry: "y".into(),
            index: "1, 2".into(),
            text: "7".into(),
            wanted: Wanted::Label { known: found() },
        },
        FileFault::Empty,
        FileFault::TooLarge {
            limit_bytes: 1 << 20,
        },
        FileFault::NotUtf8 { line },
        FileFault::Semicolons,
        FileFault::TooManyRows { limit: 9 },
        FileFault::TooManyColumns { limit: 9 },
        FileFault::ColumnsMissing { found: found() },
        FileFault::ColumnsExtra { found: found() },
        FileFault::ColumnsTwice { found: found() },
        FileFault::RowLength {
            line,
            expected: 2,
            got: 1,
        },
        FileFault::IdsMissing { found: found() },
        FileFault::IdsExtra { found: found() },
        FileFault::IdsTwice { found: found() },
        FileFault::NotANumber {
            line,
            column: column(),
            text: text(),
        },
        FileFault::NotAnInteger {
            line,
            column: column(),
            text: text(),
        },
        FileFault::NotFinite {
            line,
            column: column(),
            text: text(),
        },
        FileFault::NotAProbability {
            line,
            column: column(),
            text: text(),
        },
        FileFault::UnknownLabel {
            line,
            column: column(),
            text: text(),
            known: found(),
        },
        FileFault::NotArrays {
            format: "NPY".into(),
        },
        FileFault::Objects { entry: entry() },
        FileFault::UnsupportedType {
            entry: entry(),
            dtype: "<U3".into(),
        },
        FileFault::BadShape {
            entry: entry(),
            detail: "(-1,)".into(),
        },
        FileFault::WrongShape {
            entry: entry(),
            expected: "(3,)".into(),
            got: "(2,)".into(),
        },
        FileFault::UnsafeName { entry: entry() },
        FileFault::Bomb {
            limit_bytes: 64 << 20,
        },
        FileFault::NotANotebook,
        FileFault::NotebookVersion { version: 3 },
        FileFault::NoCode,
        FileFault::Magic {
            cell: 2,
            line: 1,
            text: "!pip install x".into(),
        },
    ]
}

#[test]
fn every_fault_of_a_file_is_said_in_both_languages() {
    for fault in file_faults() {
        let (id, en) = (fault.text(Language::Id), fault.text(Language::En));
        assert!(!id.is_empty() && !en.is_empty() && id != en, "{fault:?}");
    }
}

#[test]
fn of_many_names_the_first_few_are_shown_and_all_are_counted() {
    let names: Vec<String> = (0..9).map(|n| format!("r{n}")).collect();
    let found = Found::of(names.iter().map(String::as_str)).unwrap();
    assert_eq!((found.first.len(), found.count), (5, 9));
    assert_eq!(Found::of([]), None);
}
