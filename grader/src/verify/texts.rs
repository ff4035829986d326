//! The texts: both languages, formulas, images and links.

use super::Surroundings;
use crate::GraderError;
use gradien_problems::pack::list_files;
use gradien_problems::proof::{Found, Proof};
use gradien_problems::texts::{Part, count_parts, list_faults};
use gradien_problems::{Language, Localized, Pack};
use std::collections::BTreeSet;

/// A statement shorter than this may well be the same in both languages.
const SURELY_WORDS_CHARS: usize = 80;

pub(super) fn check(
    pack: &Pack,
    surroundings: &Surroundings,
    proof: &mut Proof,
) -> Result<(), GraderError> {
    let files = list_files(&pack.folder)?;
    let files: BTreeSet<String> = files.into_iter().map(|(name, _)| name).collect();
    let collection = match surroundings.beside_others {
        true => pack.folder.parent(),
        false => None,
    };
    let has_pack = |slug: &str| {
        collection.is_none_or(|folder| folder.join(slug).join("problem.toml").is_file())
    };
    let mut look = |place: &str, text: &str| {
        // As readers see it; filling adds no line.
        let text = &pack.fill(text, &[]);
        let faults = list_faults(text, |file| files.contains(file), has_pack);
        for fault in faults {
            let line = fault.line;
            // A short text has one line, and its place says which text it is.
            let place = match text.contains('\n') {
                true => format!("{place}:{line}"),
                false => place.to_owned(),
            };
            proof.find(place, Found::Text { what: fault.what });
        }
    };
    for language in Language::ALL {
        look(&statement(language), pack.statement.get(language));
    }
    for (place, text) in short_texts(pack) {
        for language in Language::ALL {
            look(&format!("{place} {language}"), text.get(language));
        }
    }
    compare_languages(pack, proof);
    Ok(())
}

fn statement(language: Language) -> String {
    format!("statement/problem.{language}.md")
}

/// Every Markdown text besides the statement, with its place.
fn short_texts(pack: &Pack) -> Vec<(String, &Localized)> {
    let mut texts: Vec<(String, &Localized)> = Vec::new();
    for one in &pack.misconceptions {
        texts.push((
            format!("misconceptions/text.toml [{}]", one.name),
            &one.text,
        ));
    }
    for (index, hint) in pack.hints.iter().enumerate() {
        texts.push((format!("problem.toml hint {}", index + 1), &hint.text));
    }
    for (rule, text) in pack.kind.flaws() {
        texts.push((format!("problem.toml flaw {rule}"), text));
    }
    if let Some(checker) = pack.kind.find_checker() {
        for (key, text) in &checker.texts {
            texts.push((format!("checker.toml [{key}]"), text));
        }
    }
    texts
}

fn compare_languages(pack: &Pack, proof: &mut Proof) {
    let (id, en) = (pack.statement.id.trim(), pack.statement.en.trim());
    for language in Language::ALL {
        if pack.statement.get(language).trim().is_empty() {
            proof.find(statement(language), Found::StatementEmpty);
        }
    }
    if id == en && id.chars().count() >= SURELY_WORDS_CHARS {
        proof.find(statement(Language::En), Found::NotTranslated);
    }
    let (id, en) = (count_parts(id), count_parts(en));
    let all: BTreeSet<Part> = id.keys().chain(en.keys()).copied().collect();
    for part in all {
        let count = |counts: &std::collections::BTreeMap<Part, u32>| {
            counts.get(&part).copied().unwrap_or_default()
        };
        let (id, en) = (count(&id), count(&en));
        if id != en {
            proof.find("statement", Found::PartsDiffer { part, id, en });
        }
    }
}
