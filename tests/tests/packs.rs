//! Every pack under `problems/packs`: it loads, its statements render, and each
//! of its example submissions gets the verdict and score that it must get.

use gradien_problems::pack::Kind;
use gradien_problems::{Language, Message, Report, Verdict};
use gradien_tests::packs;
use gradien_tests::proofs::{self, findings, prove_all};
use gradien_tests::supervisor::Supervisor;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use pulldown_cmark::{Event, Options, Parser};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../problems/packs");

#[test]
fn every_pack_loads_with_examples_of_both_sorts() {
    let packs = packs::load_all();
    assert!(!packs.is_empty());
    for pack in packs {
        let accepted = |verdict| verdict == Verdict::Accepted;
        let (right, wrong): (Vec<_>, Vec<_>) = pack
            .submissions
            .iter()
            .partition(|example| accepted(example.verdict));
        assert!(!right.is_empty(), "{}: no accepted example", pack.slug);
        assert!(wrong.len() >= 3, "{}: fewer than 3 wrong", pack.slug);
        for example in right {
            let full = pack.max_score();
            assert_eq!(example.score, full, "{}/{}", pack.slug, example.path);
        }
        if let Kind::Function(function) = &pack.kind {
            let entry = format!("def {}(", function.entry);
            assert!(function.starter.contains(&entry), "{}", pack.slug);
        }
    }
}

#[test]
fn every_formula_of_every_statement_becomes_mathml() {
    let converter = LatexToMathML::new(MathCoreConfig::default()).unwrap();
    for pack in packs::load_all() {
        for language in Language::ALL {
            let mut formulas = 0;
            let text = pack.statement.get(language);
            for event in Parser::new_ext(text, Options::ENABLE_MATH) {
                let (latex, display) = match &event {
                    Event::InlineMath(latex) => (latex, MathDisplay::Inline),
                    Event::DisplayMath(latex) => (latex, MathDisplay::Block),
                    Event::Text(plain) => {
                        let stray = plain.contains(['$', '\\']);
                        assert!(!stray, "{} ({language}): {plain}", pack.slug);
                        continue;
                    }
                    _ => continue,
                };
                if let Err(error) = converter.convert_with_local_state(latex, display) {
                    panic!("{} ({language}): {latex}: {error:?}", pack.slug);
                }
                formulas += 1;
            }
            assert!(formulas > 0, "{} ({language})", pack.slug);
        }
    }
}

/// A translation that lost a formula or a heading would show here.
#[test]
fn both_languages_have_the_same_parts() {
    for pack in packs::load_all() {
        let parts = |language| {
            Parser::new_ext(pack.statement.get(language), Options::ENABLE_MATH)
                .filter_map(|event| match event {
                    Event::DisplayMath(latex) => Some(latex.into_string()),
                    Event::Start(tag) => match tag {
                        pulldown_cmark::Tag::Heading { level, .. } => Some(format!("{level}")),
                        pulldown_cmark::Tag::CodeBlock(_) => Some("code".into()),
                        pulldown_cmark::Tag::Item => Some("item".into()),
                        _ => None,
                    },
                    _ => None,
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(parts(Language::Id), parts(Language::En), "{}", pack.slug);
    }
}

/// The real grader, the real guest, the real libtorch: every example gets its
/// verdict, score and diagnosis, and whatever else a proof looks at.
#[test]
fn every_pack_is_proved_without_a_warning() {
    let (proofs, content) = prove_all(&packs::folder()).unwrap();
    let found: Vec<String> = proofs.iter().map(findings).collect();
    let found: Vec<String> = found.into_iter().filter(|one| !one.is_empty()).collect();
    assert!(content && found.is_empty(), "\n{}", found.join("\n"));
    assert_eq!(proofs.len(), packs::load_all().len());
    for (proof, pack) in proofs.iter().zip(packs::load_all()) {
        assert_eq!(proof.slug, pack.slug.as_str());
        assert_eq!(
            proof.examples.len(),
            pack.submissions.len(),
            "{}",
            pack.slug
        );
        assert!(proof.junk.len() >= 3, "{}", pack.slug);
        let referenced = pack.kind.needs_reference();
        assert_eq!(proof.tolerance.is_some(), referenced, "{}", pack.slug);
        let told = proof
            .misconceptions
            .as_ref()
            .map_or(0, |one| one.rows.len());
        assert_eq!(told, pack.misconceptions.len(), "{}", pack.slug);
    }
}

/// Whoever changes the guest, or an accepted example, measures again: `gradien pack
/// calibrate --all`.
#[test]
fn every_limit_follows_from_the_guest_that_is_pinned() {
    const PINNED: &str = include_str!("../../sandbox/guest/snapshot.sha256");
    for pack in packs::load_all() {
        let Some(function) = pack.kind.find_function() else {
            continue;
        };
        let calibrated = function.calibrated.as_ref();
        let guest = calibrated.map(|calibrated| calibrated.guest.as_str());
        assert_eq!(guest, Some(PINNED.trim()), "{}: calibrate it", pack.slug);
    }
    let output = proofs::pack(&["calibrate", "--check", "--all", FOLDER]).unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
}

/// A hand backpropagation with one wrong δ: what follows from it is right, and
/// the mistake has a name. A slip that is nobody's misconception has none.
#[test]
fn one_wrong_delta_earns_everything_after_it_and_names_the_mistake() {
    let store = tempfile::tempdir().unwrap();
    let mut supervisor = Supervisor::start(store.path()).unwrap();
    let pack = packs::load("ch3-backprop-hand");
    let mut judge = |name: &str| {
        let mut examples = pack.submissions.iter();
        let path = format!("wrong_answer/{name}.toml");
        let example = examples.find(|example| example.path == path).unwrap();
        supervisor.judge(&pack, &example.submission).unwrap()
    };
    for (name, named) in [
        ("sigma_prime_forgotten_at_output", true),
        ("slip_in_delta", false),
    ] {
        let report = judge(name);
        for field in &report.subtasks {
            let lost = field.name.as_str() == "d2";
            assert_eq!(
                field.score != field.max_score,
                lost,
                "{name}: {}",
                field.name
            );
        }
        let carried = report.subtasks.iter().flat_map(|field| &field.cells);
        let carried = carried.filter(
            |cell| matches!(&cell.message, Some(Message::CellCarried { from }) if !from.is_empty()),
        );
        // δ(1), both gradients, all four updates.
        assert_eq!(carried.count(), 2 + 2 + 4 + 2 + 1 + 4 + 2, "{name}");
        assert_eq!(report.diagnoses.len(), usize::from(named), "{name}");
        if let [diagnosis] = &report.diagnoses[..] {
            assert_eq!(diagnosis.misconception.as_str(), name);
            assert_eq!(diagnosis.subtasks[0].as_str(), "d2");
        }
    }
}

/// Another supervisor with an empty store, other neighbours and the other order
/// gives the same report to the last unit of fuel.
#[test]
fn a_report_does_not_depend_on_who_judges_or_what_came_before() {
    let stores = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let pack = packs::load("ch5-gru-cell");
    let some: Vec<_> = pack
        .submissions
        .iter()
        .filter(|example| !example.path.contains("_limit_exceeded/"))
        .collect();
    let mut first = Supervisor::start(stores[0].path()).unwrap();
    let reports: Vec<Report> = some
        .iter()
        .map(|example| first.judge(&pack, &example.submission).unwrap())
        .collect();
    let mut second = Supervisor::start(stores[1].path()).unwrap();
    for (example, report) in some.iter().zip(&reports).rev() {
        let again = second.judge(&pack, &example.submission).unwrap();
        assert_eq!(again, *report, "{}", example.path);
    }
}
