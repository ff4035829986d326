//! Reads a number as students in Indonesia type it: with a decimal comma or a
//! decimal point, never with thousands separators. What is no number is computed
//! if it is an expression.

use super::expression;

/// Why a typed text is not a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("nothing is entered")]
    Empty,
    #[error("not a number")]
    NotANumber,
    #[error("more than one separator")]
    ThousandsSeparator,
    #[error("not finite")]
    NotFinite,
    #[error("too long")]
    TooLong,
    #[error("there is nothing named {name}")]
    UnknownName { name: String },
}

/// Longer than any number that a person types.
const MAX_CHARS: usize = 40;

/// Accepts `0.647`, `0,647`, `-1.2e-3`, `+.5`, `3,`, with spaces around, and the
/// typographic minus that word processors and spreadsheets put; besides, the
/// fractions and expressions of [`expression::evaluate`].
pub fn parse_number(typed: &str) -> Result<f64, NumberError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(NumberError::Empty);
    }
    if typed.chars().count() > expression::MAX_CHARS {
        return Err(NumberError::TooLong);
    }
    let typed = typed.replace(['\u{2212}', '\u{2013}'], "-");
    let plain = typed.replace(',', ".");
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let allowed = |b: u8| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
    // `2-1` has the signs of a number and is none.
    let is_number = digits > 0 && plain.bytes().all(allowed) && !has_operator(&plain);
    if !is_number {
        return expression::evaluate(&typed).map_err(|error| match error {
            // A word alone is no attempt at an expression.
            NumberError::UnknownName { .. } if typed.chars().all(char::is_alphabetic) => {
                NumberError::NotANumber
            }
            error => error,
        });
    }
    if plain.len() > MAX_CHARS {
        return Err(NumberError::TooLong);
    }
    if plain.bytes().filter(|&b| b == b'.').count() > 1 {
        return Err(NumberError::ThousandsSeparator);
    }
    let number: f64 = plain.parse().map_err(|_| NumberError::NotANumber)?;
    if number.is_finite() {
        Ok(number)
    } else {
        Err(NumberError::NotFinite)
    }
}

/// The digits after the point of a plain number, as typed; `None` for
/// expressions, powers of ten and what is no number.
pub fn typed_decimals(typed: &str) -> Option<u32> {
    let typed = typed.trim().replace(',', ".");
    let plain = typed.trim_start_matches(['+', '-', '\u{2212}', '\u{2013}']);
    let is_plain = !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !is_plain || plain.matches('.').count() > 1 {
        return None;
    }
    let digits = plain.split_once('.').map_or(0, |(_, digits)| digits.len());
    u32::try_from(digits).ok()
}

/// Whether a sign stands elsewhere than in front or after an `e`.
fn has_operator(plain: &str) -> bool {
    let bytes = plain.as_bytes();
    bytes
        .iter()
        .enumerate()
        .skip(1)
        .any(|(at, b)| matches!(b, b'+' | b'-') && !matches!(bytes[at - 1], b'e' | b'E'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn commas_points_and_signs_are_read() {
        for (typed, number) in [
            ("0.647", 0.647),
            ("0,647", 0.647),
            (" -1,2e-3 ", -0.0012),
            ("+.5", 0.5),
            ("3,", 3.0),
            ("\u{2212}0,06", -0.06),
            ("007", 7.0),
            ("3/7", 3.0 / 7.0),
            ("2-1", 1.0),
            ("1,5 \u{2212} 1", 0.5),
            ("--1", 1.0),
            ("1/(1+exp(\u{2212}0,6))", 1.0 / (1.0 + (-0.6f64).exp())),
        ] {
            assert_eq!(parse_number(typed), Ok(number), "{typed}");
        }
    }

    #[test]
    fn decimals_are_counted_as_typed() {
        for (typed, decimals) in [
            ("0,65", Some(2)),
            (" \u{2212}0.6", Some(1)),
            ("3", Some(0)),
            ("3,", Some(0)),
            ("1e-3", None),
            ("3/7", None),
            ("1.000,5", None),
            ("", None),
        ] {
            assert_eq!(typed_decimals(typed), decimals, "{typed}");
        }
    }

    #[test]
    fn everything_else_says_why_not() {
        for (typed, error) in [
            ("", NumberError::Empty),
            ("  ", NumberError::Empty),
            ("abc", NumberError::NotANumber),
            ("nan", NumberError::NotANumber),
            ("inf", NumberError::NotANumber),
            ("1e", NumberError::NotANumber),
            ("1/0", NumberError::NotFinite),
            ("=1+1", NumberError::NotANumber),
            ("0x10", NumberError::NotANumber),
            ("1 000", NumberError::NotANumber),
            (".", NumberError::NotANumber),
            ("1.000,5", NumberError::ThousandsSeparator),
            ("1,000,000", NumberError::ThousandsSeparator),
            ("1e999", NumberError::NotFinite),
            (&"1".repeat(41), NumberError::TooLong),
        ] {
            assert_eq!(parse_number(typed), Err(error), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gets_a_finite_number_or_a_reason(typed in "\\PC{0,60}") {
            if let Ok(number) = parse_number(&typed) {
                prop_assert!(number.is_finite());
            }
        }

        #[test]
        fn what_rust_prints_is_read_back(number in -1e6f64..1e6) {
            prop_assert_eq!(parse_number(&number.to_string()), Ok(number));
            prop_assert_eq!(parse_number(&number.to_string().replace('.', ",")), Ok(number));
        }
    }
}
