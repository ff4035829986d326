//! Both files of texts say the same things, and only things that are asked for.

use super::{ENGLISH, INDONESIAN, Texts};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use gradien_problems::Language;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Key → names of its variables.
fn keys(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource =
        fluent_syntax::parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
    let mut keys = BTreeMap::new();
    for entry in resource.body {
        let Entry::Message(message) = entry else {
            continue;
        };
        let mut variables = BTreeSet::new();
        pattern_variables(message.value.as_ref().expect("a text"), &mut variables);
        let before = keys.insert(message.id.name.to_owned(), variables);
        assert!(before.is_none(), "{} stands twice", message.id.name);
    }
    keys
}

fn pattern_variables(pattern: &Pattern<&str>, variables: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else {
            continue;
        };
        match expression {
            Expression::Inline(inline) => inline_variables(inline, variables),
            Expression::Select { selector, variants } => {
                inline_variables(selector, variables);
                for variant in variants {
                    pattern_variables(&variant.value, variables);
                }
            }
        }
    }
}

fn inline_variables(inline: &InlineExpression<&str>, variables: &mut BTreeSet<String>) {
    if let InlineExpression::VariableReference { id } = inline {
        variables.insert(id.name.to_owned());
    }
}

fn files(folder: &Path, extensions: &[&str], found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, extensions, found);
        } else if path
            .extension()
            .is_some_and(|e| extensions.iter().any(|want| e == *want))
        {
            found.push(path);
        }
    }
}

/// Every literal first argument of `t.get("…")`, `t.with("…", …)` and
/// `t.with_two("…", …)`, and every key named in a `/* text */` list of keys that
/// code chooses between.
fn used_keys() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    files(&root.join("src"), &["rs"], &mut sources);
    files(&root.join("../templates"), &["html"], &mut sources);
    let mut used = BTreeSet::new();
    for path in sources {
        if path.ends_with("i18n/tests.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for call in ["t.get(", "t.with(", "t.with_two(", "t.with_three(", "Text("] {
            for (at, _) in text.match_indices(call) {
                // A variant of another type is no text.
                if text[..at].ends_with("::") {
                    continue;
                }
                let rest = text[at + call.len()..].trim_start();
                if let Some(literal) = rest.strip_prefix('"') {
                    used.insert(literal[..literal.find('"').unwrap()].to_owned());
                }
            }
        }
    }
    used
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let (id, en) = (keys(INDONESIAN), keys(ENGLISH));
    let names = |map: &BTreeMap<String, _>| map.keys().cloned().collect::<BTreeSet<_>>();
    let only_one: Vec<_> = names(&id)
        .symmetric_difference(&names(&en))
        .cloned()
        .collect();
    assert!(only_one.is_empty(), "in one language only: {only_one:?}");
    for (key, variables) in &id {
        assert_eq!(variables, &en[key], "variables of {key}");
    }
}

#[test]
fn every_key_that_is_used_exists_and_every_key_is_used() {
    let (used, known) = (used_keys(), keys(INDONESIAN));
    let missing: Vec<_> = used
        .iter()
        .filter(|key| !known.contains_key(*key))
        .collect();
    assert!(missing.is_empty(), "used but not there: {missing:?}");
    let unused: Vec<_> = known.keys().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "there but not used: {unused:?}");
}

#[test]
fn no_text_is_left_in_the_other_language() {
    let (id, en) = (Texts::new(Language::Id), Texts::new(Language::En));
    // Names and words that are the same in both.
    const SAME: [&str; 4] = ["site-name", "language-id", "language-en", "kind-function"];
    for (key, variables) in keys(INDONESIAN) {
        if variables.is_empty() && !SAME.contains(&key.as_str()) {
            assert_ne!(id.get(&key), en.get(&key), "{key}");
        }
    }
}

#[test]
fn variables_and_plurals_are_filled_in() {
    let en = Texts::new(Language::En);
    assert_eq!(en.with("points", "n", 1), "1 point");
    assert_eq!(en.with("points", "n", 3), "3 points");
    let id = Texts::new(Language::Id);
    assert_eq!(id.with("points", "n", 3), "3 poin");
}
