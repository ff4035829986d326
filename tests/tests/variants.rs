//! Variants: each can be solved, each names the mistakes that the pack knows, the same
//! come every time, and what is no good by hand is never among them.

use gradien_grader::prepare::{Prepared, make};
use gradien_grader::reference::{Reference, ReferenceConfig};
use gradien_problems::pack::{AnswerKind, Kind};
use gradien_problems::protocol::Submission;
use gradien_problems::{Language, Pack, Verdict};
use gradien_sandbox::array::Array;
use gradien_tests::supervisor::Supervisor;
use gradien_tests::{binaries, packs};
use std::collections::BTreeMap;
use std::fs;

fn reference() -> Reference {
    Reference::start(ReferenceConfig::new(binaries::path("gradien-reference"))).unwrap()
}

fn answer(pack: &Pack) -> Option<&AnswerKind> {
    match &pack.kind {
        Kind::Answer(answer) if answer.variants.is_some() => Some(answer),
        _ => None,
    }
}

/// These values typed with three digits more than are asked for.
fn typed(answer: &AnswerKind, values: &[Array], variant: u32) -> Submission {
    let fields = answer.fields.iter().zip(values).map(|(field, values)| {
        let digits = field.decimals as usize + 3;
        let cells = values.to_f64_vec().into_iter();
        let cells = cells.map(|value| format!("{value:.digits$}"));
        (field.name.to_string(), cells.collect())
    });
    Submission::Answer {
        fields: fields.collect::<BTreeMap<_, _>>(),
        variant,
    }
}

#[test]
fn every_variant_of_every_pack_can_be_solved_and_names_its_mistakes() {
    let store = tempfile::tempdir().unwrap();
    let mut supervisor = Supervisor::start(store.path()).unwrap();
    let mut reference = reference();
    let mut looked_at = 0;
    for pack in packs::load_all() {
        let Some(answer) = answer(&pack) else {
            continue;
        };
        looked_at += 1;
        let prepared = make(&pack, &mut reference).unwrap();
        assert_eq!(prepared, make(&pack, &mut reference).unwrap());
        let cases = &prepared.subtasks[0];
        assert_eq!(cases.len(), answer.variant_count() as usize);
        for (number, case) in cases.iter().enumerate() {
            let place = format!("{} variant {number}", pack.slug);
            let again = cases[..number]
                .iter()
                .any(|other| other.inputs == case.inputs);
            assert!(!again, "{place}: the numbers repeat");
            for language in Language::ALL {
                let text = pack.statement.get(language);
                let filled = pack.fill(text, &case.given());
                assert!(!filled.contains("{{"), "{place}: {filled}");
            }
            let number = number as u32;
            let right = typed(answer, &case.expected, number);
            let report = supervisor.judge(&pack, &right).unwrap();
            assert_eq!(report.verdict, Verdict::Accepted, "{place}");
            assert_eq!(report.score, pack.max_score(), "{place}");
            let judged = report.variant.expect("which variant was judged");
            assert_eq!((judged.number, judged.given), (number, case.given()));
            for misconception in &prepared.misconceptions {
                let values = misconception.subtasks[0][number as usize].as_ref();
                let Some(values) = values else { continue };
                let wrong = typed(answer, values, number);
                let report = supervisor.judge(&pack, &wrong).unwrap();
                let named: Vec<_> = report.diagnoses.iter().map(|d| &d.misconception).collect();
                assert_eq!(named, [&misconception.name], "{place}");
                assert_ne!(report.verdict, Verdict::Accepted, "{place}");
            }
        }
        // The numbers of one variant are not those of another.
        let own = typed(answer, &cases[0].expected, 1);
        let report = supervisor.judge(&pack, &own).unwrap();
        assert_ne!(report.verdict, Verdict::Accepted, "{}", pack.slug);
        let none = typed(answer, &cases[0].expected, answer.variant_count());
        let error = supervisor.judge(&pack, &none).unwrap_err();
        assert!(format!("{error:#}").contains("counted from 0"), "{error:#}");
    }
    assert!(looked_at >= 3, "{looked_at} packs have variants");
}

const MANIFEST: &str = r#"
format = 1
kind = "answer"
chapter = 2
section = "2.1"
title = { id = "ReLU", en = "ReLU" }

[variants]
count = 8
seed = 5
accept = "accept"

[[inputs]]
name = "x"
value = 2
varies = { range = [-9, 9], step = 1 }

[[inputs]]
name = "w"
value = 0.5
varies = { range = [-2, 2], step = 0.125 }

[[fields]]
name = "a"
label = { id = "a", en = "a" }
points = 10
decimals = 1
"#;
const REFERENCE: &str = "
def reference(x: Tensor, w: Tensor) -> Tensor:
    return torch.relu(w * x)


def accept(a: Tensor) -> bool:
    return bool(a > 0)
";
const LINEAR: &str = "
def reference(x: Tensor, w: Tensor) -> Tensor:
    return w * x - 1.0
";

/// A neuron with a ReLU, its files changed by `change`.
fn prepare(change: impl Fn(&str, &str) -> String) -> Result<Prepared, String> {
    let folder = tempfile::tempdir().unwrap();
    let statement = "$x = {{x}}$, $w = {{w}}$";
    let text = "[minus_one]\nid = 'Satu.'\nen = 'One.'\n";
    for (name, content) in [
        ("problem.toml", MANIFEST),
        ("reference.py", REFERENCE),
        ("statement/problem.id.md", statement),
        ("statement/problem.en.md", statement),
        ("misconceptions/text.toml", text),
        ("misconceptions/minus_one.py", LINEAR),
        (
            "submissions/expected.toml",
            "\"accepted/a.toml\" = { verdict = \"AC\", score = 10 }\n",
        ),
        ("submissions/accepted/a.toml", "a = 1\n"),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, change(name, content)).unwrap();
    }
    let pack = Pack::load_as(folder.path(), "ch2-relu").unwrap();
    make(&pack, &mut reference()).map_err(|error| error.chain())
}

#[test]
fn dead_units_and_rounding_edges_are_never_drawn() {
    let prepared = prepare(|_, content| content.to_owned()).unwrap();
    let values: Vec<f64> = prepared.subtasks[0]
        .iter()
        .map(|case| case.expected[0].to_f64_vec()[0])
        .collect();
    assert_eq!((values.len(), values[0]), (8, 1.0));
    for value in values {
        assert!(value > 0.0, "{value}: the unit is dead");
        let tenths = value * 10.0;
        assert!((tenths.fract() - 0.5).abs() > 0.02, "{value}: on an edge");
    }
}

/// Each row: the file, what is replaced in it, by what, and parts of the error.
#[test]
fn a_pack_that_cannot_have_so_many_says_why() {
    for (file, from, to, parts) in [
        (
            "reference.py",
            "bool(a > 0)",
            "bool(a > 12)",
            &["declared values", "refused by the pack's own function"][..],
        ),
        (
            "problem.toml",
            "value = 0.5",
            "value = 0.125",
            &["declared values", "on a rounding edge"],
        ),
        (
            "reference.py",
            "(a: Tensor) -> bool:\n    return bool(a > 0)",
            "(a: Tensor, x: Tensor) -> bool:\n    return bool(a == 1) and bool(x > 0)",
            // 1 · 1, 2 · 0.5, 4 · 0.25 and 8 · 0.125.
            &[
                "only 4 of 8 variants",
                "refused by the pack's own function",
                "repeat",
            ],
        ),
        (
            "misconceptions/minus_one.py",
            "w * x - 1.0",
            "torch.relu(w * x)",
            &["declared values", "tell the misconceptions apart"],
        ),
        (
            "reference.py",
            "-> bool:\n    return bool(a > 0)",
            "-> Tensor:\n    return a.repeat(2)",
            &["must return bool"],
        ),
        (
            "reference.py",
            "accept(a: Tensor)",
            "accept(a: Tensor, b: Tensor)",
            &["“b” of accept is neither an input nor a field"],
        ),
        (
            "reference.py",
            "def accept",
            "def accepts",
            &["no function “accept”"],
        ),
    ] {
        let changed = |name: &str, content: &str| match name == file {
            true => content.replace(from, to),
            false => content.to_owned(),
        };
        let error = prepare(changed).unwrap_err();
        for part in parts {
            assert!(error.contains(part), "{to}: {error}");
        }
    }
}
