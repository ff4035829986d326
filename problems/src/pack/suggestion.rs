//! “Did you mean”: for a key or a value that is not one of those expected.

/// How like two words must be, from 0 to 1 (Jaro–Winkler).
const LIKENESS: f64 = 0.8;

/// The one of `known` that `word` is most like, if it is like one.
pub fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate));
    let (score, best) = scored.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (score >= LIKENESS).then_some(best)
}

/// Adds the suggestion to a message of serde's, which names the unknown word
/// first and then those expected, each between backquotes.
pub fn with_suggestion(message: &str) -> String {
    let unknown = message.starts_with("unknown field") || message.starts_with("unknown variant");
    let mut quoted = message.split('`').skip(1).step_by(2);
    let found = match (unknown, quoted.next()) {
        (true, Some(word)) => suggest(word, quoted),
        _ => None,
    };
    match found {
        Some(found) => format!("{message}; did you mean `{found}`?"),
        None => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_word_is_recognised_and_a_strange_one_is_not() {
        for (message, suggestion) in [
            (
                "unknown field `ponts`, expected one of `name`, `points`, `cases`",
                Some("points"),
            ),
            ("unknown field `colour`, expected `rtol` or `atol`", None),
            (
                "unknown variant `proportionl`, expected `all` or `proportional`",
                Some("proportional"),
            ),
            ("missing field `points`", None),
        ] {
            let expected = match suggestion {
                Some(word) => format!("{message}; did you mean `{word}`?"),
                None => message.to_owned(),
            };
            assert_eq!(with_suggestion(message), expected);
        }
    }
}
