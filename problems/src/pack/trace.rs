//! `[trace]`: intermediate values of the right computation, and how much of
//! them a student may see after a wrong answer.

use super::error::PackError;
use super::files::Text;
use crate::ids::FieldName;
use crate::language::Localized;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// Intermediate values of the right computation.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TraceToml {
    /// The function of `reference.py` that gives the steps by name, in their
    /// order; `"trace"` unless said otherwise.
    #[serde(default = "trace")]
    pub function: String,
    /// How much of them is shown after a wrong answer.
    #[serde(default)]
    pub reveal: Reveal,
    /// What people read in place of a step's name.
    #[serde(default)]
    pub labels: BTreeMap<String, Localized>,
}

fn trace() -> String {
    "trace".into()
}

/// A function of `reference.py` that takes what the reference takes and gives
/// the steps by name, in their order: `Dict[str, Tensor]` or
/// `List[Tuple[str, Tensor]]`. A step with a field's name is that field.
#[derive(Debug, Clone)]
pub struct TraceSpec {
    pub function: String,
    pub reveal: Reveal,
    /// What people read in place of a step's name.
    pub labels: BTreeMap<String, Localized>,
}

/// How much of the right computation is shown after a wrong answer. Nothing
/// beyond the first wrong step ever is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reveal {
    /// Which step goes wrong first, and no value.
    #[default]
    First,
    /// Also the values in between, which are not asked for, up to there.
    Steps,
    /// Also the right values of what is asked for, up to there; for kind
    /// `function`, every step of an open case.
    Values,
}

pub(super) fn trace_spec(
    text: &Text,
    toml: Option<Spanned<TraceToml>>,
) -> Result<Option<TraceSpec>, PackError> {
    let Some(spanned) = toml else {
        return Ok(None);
    };
    let (at, toml) = (spanned.span().start, spanned.into_inner());
    if toml.function.parse::<FieldName>().is_err() {
        let what = format!(
            "trace.function: “{}” is no name of a function",
            toml.function
        );
        return Err(text.invalid(Some(at), what));
    }
    Ok(Some(TraceSpec {
        function: toml.function,
        reveal: toml.reveal,
        labels: toml.labels,
    }))
}
