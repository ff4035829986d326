//! Fields of which one has something else than a value in every cell, and the others
//! nothing.

use super::MadeUp;
use gradien_problems::pack::{AnswerKind, Entry, Field};
use gradien_problems::proof::Junk;
use gradien_problems::protocol::Submission;
use std::collections::BTreeMap;

/// More characters than any number or expression may have.
const TOO_MANY_DIGITS: usize = 2_000;

pub(super) fn list(answer: &AnswerKind) -> Vec<Junk> {
    let all = [
        Junk::Empty,
        Junk::Text,
        Junk::NotANumber,
        Junk::Infinite,
        Junk::Huge,
        Junk::WrongKind,
        Junk::WrongShape,
        Junk::NoSuchOption,
    ];
    let fits = |junk: &Junk| answer.fields.iter().any(|field| takes(field, *junk));
    all.into_iter().filter(fits).collect()
}

/// Whether this can be typed into the field and is no value of it.
fn takes(field: &Field, junk: Junk) -> bool {
    let is_number = matches!(
        field.entry,
        Entry::Number | Entry::Integer | Entry::Trace(_)
    );
    match junk {
        Junk::Text | Junk::NotANumber | Junk::Infinite | Junk::Huge => is_number,
        Junk::WrongKind => is_number && field.precision(0).integer,
        Junk::WrongShape => field.entry == Entry::Shape,
        Junk::NoSuchOption => field.entry.find_choice().is_some(),
        // Of several choices none may be right.
        Junk::Empty => field
            .entry
            .find_choice()
            .is_none_or(|choice| !choice.multiple),
        Junk::Nothing | Junk::Bytes | Junk::WithoutContent => false,
    }
}

pub(super) fn make(answer: &AnswerKind, junk: Junk) -> MadeUp {
    let typed = match junk {
        Junk::Text => "junk".to_owned(),
        Junk::NotANumber => "nan".into(),
        Junk::Infinite => "1e999".into(),
        Junk::Huge => "9".repeat(TOO_MANY_DIGITS),
        Junk::WrongKind => "0.5".into(),
        Junk::WrongShape => "(2, x)".into(),
        Junk::NoSuchOption => "no such option".into(),
        _ => String::new(),
    };
    let field = answer.fields.iter().find(|field| takes(field, junk));
    let mut fields = BTreeMap::new();
    if let (Some(field), false) = (field, typed.is_empty()) {
        fields.insert(field.name.to_string(), vec![typed; field.cells()]);
    }
    MadeUp {
        submission: Submission::Answer { fields, variant: 0 },
        field: field.map(|field| field.name.to_string()),
    }
}
