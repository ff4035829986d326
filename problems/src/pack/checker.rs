//! `checker.py`: TorchScript that judges where the right answer is not one value —
//! any weights that separate, any parameters that reach the goal.
//!
//! ```text
//! def check_and(inputs: Dict[str, Tensor], outputs: Dict[str, Tensor]) -> Tuple[float, str]:
//! ```
//!
//! `points` are a share from 0 to 1; the text is empty or a key of `checker.toml`,
//! whose texts the student reads.

use super::error::PackError;
use super::files::Text;
use crate::ids::FieldName;
use crate::language::Localized;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

pub const CHECKER_FILE: &str = "checker.py";
pub(super) const CHECKER_TEXTS_FILE: &str = "checker.toml";

#[derive(Debug, Clone, PartialEq)]
pub struct Checker {
    /// TorchScript.
    pub source: String,
    /// Key → Markdown with LaTeX between dollar signs.
    pub texts: BTreeMap<String, Localized>,
}

/// Fields of kind `answer` that are judged together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// A function of `checker.py`.
    pub function: String,
    pub fields: Vec<FieldName>,
}

/// Fields of kind `answer` that are judged together.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckToml {
    /// A function of `checker.py`; it takes inputs and these fields by name.
    pub function: String,
    /// What it judges; all earn the same share of their points.
    pub fields: Vec<FieldName>,
}

/// `checker.toml`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct CheckerTextsToml(pub BTreeMap<String, Spanned<Localized>>);

/// # Errors
/// A text that lacks a language.
pub(super) fn checker(source: String, texts: Option<&Text>) -> Result<Checker, PackError> {
    let mut checked = BTreeMap::new();
    if let Some(file) = texts {
        for (key, text) in file.parse::<CheckerTextsToml>()?.0 {
            let (at, text) = (text.span().start, text.into_inner());
            if text.id.trim().is_empty() || text.en.trim().is_empty() {
                return Err(file.invalid(Some(at), format!("[{key}] needs a text in id and en")));
            }
            checked.insert(key, text);
        }
    }
    Ok(Checker {
        source,
        texts: checked,
    })
}

impl Checker {
    /// Whether its text defines the function, as far as the text alone tells.
    pub(super) fn defines(&self, function: &str) -> bool {
        self.source.contains(&format!("def {function}("))
    }
}
