//! What is said of a program that uses what its problem forbids.

use serde::{Deserialize, Serialize};

/// One place that breaks one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenRule {
    /// Counted from 1.
    pub line: u32,
    /// The line's text, stripped and cut.
    pub text: String,
    /// As the pack writes it: `np.convolve`.
    pub rule: String,
    pub breach: Breach,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Breach {
    /// What is forbidden stands there, perhaps by another name.
    Used,
    /// What stands there could be what is forbidden, and nobody can tell from the
    /// text: `eval`, `getattr(np, name)`.
    CannotBeFollowed { found: String },
}

pub(super) fn english(places: &[BrokenRule]) -> String {
    list(
        "The program was not run:",
        "line",
        places,
        |rule, breach| match breach {
            Breach::Used => format!("`{rule}` is used, which this problem does not allow"),
            Breach::CannotBeFollowed { found } => format!(
                "`{found}` could hide `{rule}`, which this problem does not allow; write what you mean directly"
            ),
        },
    )
}

pub(super) fn indonesian(places: &[BrokenRule]) -> String {
    list(
        "Program tidak dijalankan:",
        "baris",
        places,
        |rule, breach| match breach {
            Breach::Used => format!("`{rule}` dipakai, padahal tidak boleh pada soal ini"),
            Breach::CannotBeFollowed { found } => format!(
                "`{found}` bisa menyembunyikan `{rule}`, yang tidak boleh dipakai pada soal ini; tulislah langsung maksudmu"
            ),
        },
    )
}

/// The places one below the other, each with its line's number and text.
fn list(
    opening: &str,
    line_word: &str,
    places: &[BrokenRule],
    say: impl Fn(&str, &Breach) -> String,
) -> String {
    let mut text = opening.to_owned();
    for place in places {
        let said = say(&place.rule, &place.breach);
        let (line, source) = (place.line, &place.text);
        text.push_str(&format!("\n  {line_word} {line}: {said}\n    {source}"));
    }
    text
}
