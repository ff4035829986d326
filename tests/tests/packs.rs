//! Every pack under `problems/packs`: it loads, its statements render, and each
//! of its example submissions gets the verdict and score that it must get.

use gradien_problems::pack::Kind;
use gradien_problems::{Language, Verdict};
use gradien_tests::packs;
use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};
use pulldown_cmark::{Event, Options, Parser};

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
