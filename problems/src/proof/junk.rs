//! Answers that are none: every pack must refuse each with its own message.

use crate::language::Language;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Junk {
    Empty,
    Text,
    NotANumber,
    Infinite,
    WrongShape,
    WrongKind,
    /// A function that returns `None`.
    Nothing,
    Huge,
    /// A choice that the form does not have.
    NoSuchOption,
    /// Bytes that are no text and no known format.
    Bytes,
    /// A file of the right format that lacks what it must hold.
    WithoutContent,
}

impl Junk {
    pub fn text(self, language: Language) -> &'static str {
        let (id, en) = match self {
            Junk::Empty => ("kosong", "empty"),
            Junk::Text => ("teks", "text"),
            Junk::NotANumber => ("NaN", "NaN"),
            Junk::Infinite => ("tak hingga", "infinite"),
            Junk::WrongShape => ("bentuk salah", "wrong shape"),
            Junk::WrongKind => ("jenis bilangan salah", "wrong kind of number"),
            Junk::Nothing => ("tanpa nilai", "nothing returned"),
            Junk::Huge => ("terlalu besar", "huge"),
            Junk::NoSuchOption => ("pilihan yang tidak ada", "no such option"),
            Junk::Bytes => ("bita sembarang", "stray bytes"),
            Junk::WithoutContent => ("tanpa isi", "without content"),
        };
        match language {
            Language::Id => id,
            Language::En => en,
        }
    }
}
