//! Where a structure of texts and numbers differs from the right one.

use serde::{Deserialize, Serialize};

/// What is wrong at one place; the first one, in the order of the right value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonFault {
    Kind {
        expected: JsonKind,
        got: JsonKind,
    },
    Length {
        expected: usize,
        got: usize,
    },
    MissingKey {
        key: String,
    },
    UnexpectedKey {
        key: String,
    },
    /// As Python writes them, cut.
    Value {
        expected: String,
        got: String,
    },
    /// NaN or an infinity.
    NotFinite {
        got: String,
    },
}

/// What Python calls them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonKind {
    None,
    Boolean,
    Integer,
    Float,
    Text,
    List,
    Dictionary,
}

impl JsonKind {
    fn english(self) -> &'static str {
        match self {
            JsonKind::None => "`None`",
            JsonKind::Boolean => "`True` or `False`",
            JsonKind::Integer => "a whole number (`int`)",
            JsonKind::Float => "a number (`float`)",
            JsonKind::Text => "a text (`str`)",
            JsonKind::List => "a list",
            JsonKind::Dictionary => "a dictionary",
        }
    }

    fn indonesian(self) -> &'static str {
        match self {
            JsonKind::None => "`None`",
            JsonKind::Boolean => "`True` atau `False`",
            JsonKind::Integer => "bilangan bulat (`int`)",
            JsonKind::Float => "bilangan (`float`)",
            JsonKind::Text => "teks (`str`)",
            JsonKind::List => "list",
            JsonKind::Dictionary => "dictionary",
        }
    }
}

pub(super) fn english(place: &str, fault: &JsonFault) -> String {
    match fault {
        JsonFault::Kind { expected, got } => format!(
            "`{place}` is {}, expected {}.",
            got.english(),
            expected.english()
        ),
        JsonFault::Length { expected, got } => {
            format!("`{place}` has {got} items, expected {expected}.")
        }
        JsonFault::MissingKey { key } => format!("`{place}` lacks the key `{key}`."),
        JsonFault::UnexpectedKey { key } => {
            format!("`{place}` has the key `{key}`, which should not be there.")
        }
        JsonFault::Value { expected, got } => {
            format!("`{place}` is `{got}`, expected `{expected}`.")
        }
        JsonFault::NotFinite { got } => {
            format!("`{place}` is `{got}`. Is there a division by zero or the logarithm of zero?")
        }
    }
}

pub(super) fn indonesian(place: &str, fault: &JsonFault) -> String {
    match fault {
        JsonFault::Kind { expected, got } => format!(
            "`{place}` adalah {}, seharusnya {}.",
            got.indonesian(),
            expected.indonesian()
        ),
        JsonFault::Length { expected, got } => {
            format!("`{place}` berisi {got} butir, seharusnya {expected}.")
        }
        JsonFault::MissingKey { key } => format!("`{place}` tidak memiliki kunci `{key}`."),
        JsonFault::UnexpectedKey { key } => {
            format!("`{place}` memiliki kunci `{key}`, yang seharusnya tidak ada.")
        }
        JsonFault::Value { expected, got } => {
            format!("`{place}` adalah `{got}`, seharusnya `{expected}`.")
        }
        JsonFault::NotFinite { got } => {
            format!("`{place}` adalah `{got}`. Apakah ada pembagian dengan nol atau logaritma nol?")
        }
    }
}
