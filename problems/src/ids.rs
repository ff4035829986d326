//! Every id has its own type, made by one macro. Untrusted text becomes an id
//! only by its parser, so an id in hand is always well-formed.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// The text is not a well-formed id of its type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is not a {what}: expected {expected}")]
pub struct IdError {
    pub what: &'static str,
    pub expected: &'static str,
    pub text: String,
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $expected:literal, $pattern:expr, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern, "description": $expected })
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    let text = text.chars().take(80).collect();
                    Err(IdError { what: $what, expected: $expected, text })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

// The same as the functions below say, for editors.
const SLUG: &str = "^(?=.{1,64}$)[a-z0-9]+(-[a-z0-9]+)*$";
const SHA256: &str = "^[0-9a-f]{64}$";
const IDENTIFIER: &str = "^[A-Za-z_][A-Za-z0-9_]{0,63}$";

fn is_slug(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.split('-').all(|part| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}

fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    (1..=64).contains(&text.len())
        && bytes
            .next()
            .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

text_id!(
    /// The name of a pack's folder and of its address: `ch5-gru-cell`.
    PackSlug,
    "pack name",
    "lower-case words and digits joined by single hyphens, at most 64 characters",
    SLUG,
    is_slug
);

text_id!(
    /// SHA-256 of a pack's content, 64 lower-case hexadecimal digits. An
    /// installed pack is immutable and known by it.
    PackHash,
    "pack hash",
    "64 lower-case hexadecimal digits",
    SHA256,
    is_sha256
);

text_id!(
    /// SHA-256 of an uploaded file, 64 lower-case hexadecimal digits: its name
    /// in the folder of blobs.
    BlobHash,
    "file hash",
    "64 lower-case hexadecimal digits",
    SHA256,
    is_sha256
);

impl BlobHash {
    /// Of a file with this content.
    pub fn of(content: &[u8]) -> BlobHash {
        BlobHash::from_digest(Sha256::digest(content).into())
    }

    /// Of a file whose content was hashed piece by piece.
    pub fn from_digest(digest: [u8; 32]) -> BlobHash {
        BlobHash(hex::encode(digest))
    }
}

text_id!(
    /// The name of a subtask within its pack: `single`, `batch`.
    SubtaskName,
    "subtask name",
    "an identifier: letters, digits and underscores, at most 64 characters",
    IDENTIFIER,
    is_identifier
);

text_id!(
    /// The name of an answer field or of an input within its pack: `z1`, `W_z`.
    FieldName,
    "field name",
    "an identifier: letters, digits and underscores, at most 64 characters",
    IDENTIFIER,
    is_identifier
);

text_id!(
    /// The name of a misconception within its pack, and of its file:
    /// `reset_after_product`.
    MisconceptionName,
    "misconception name",
    "an identifier: letters, digits and underscores, at most 64 characters",
    IDENTIFIER,
    is_identifier
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blob_is_named_by_its_content() {
        // The SHA-256 of the empty text.
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(BlobHash::of(b""), empty.parse().unwrap());
        assert_ne!(BlobHash::of(b"a"), BlobHash::of(b"b"));
    }

    #[test]
    fn slugs_are_lower_case_words_joined_by_hyphens() {
        for good in ["ch5-gru-cell", "a", "x2"] {
            assert_eq!(good.parse::<PackSlug>().unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a--b", "A", "a/b", "..", "a_b", "é"] {
            assert!(bad.parse::<PackSlug>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_bad_id_does_not_deserialise() {
        assert!(serde_json::from_str::<FieldName>("\"z 1\"").is_err());
        assert!(serde_json::from_str::<PackHash>("\"ABC\"").is_err());
        assert_eq!(
            serde_json::from_str::<FieldName>("\"W_z\"")
                .unwrap()
                .as_str(),
            "W_z"
        );
    }
}
