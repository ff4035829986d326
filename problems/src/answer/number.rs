//! Reads a number as students in Indonesia type it: with a decimal comma or a
//! decimal point, never with thousands separators.

/// Why a typed text is not a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
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
}

/// Longer than any number that a person types.
const MAX_CHARS: usize = 40;

/// Accepts `0.647`, `0,647`, `-1.2e-3`, `+.5`, `3,`, with spaces around, and the
/// typographic minus that word processors and spreadsheets put.
pub fn parse_number(typed: &str) -> Result<f64, NumberError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(NumberError::Empty);
    }
    if typed.chars().count() > MAX_CHARS {
        return Err(NumberError::TooLong);
    }
    let plain: String = typed
        .chars()
        .map(|c| match c {
            ',' => '.',
            '\u{2212}' | '\u{2013}' => '-',
            other => other,
        })
        .collect();
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let allowed = |b: u8| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
    if digits == 0 || !plain.bytes().all(allowed) {
        return Err(NumberError::NotANumber);
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
        ] {
            assert_eq!(parse_number(typed), Ok(number), "{typed}");
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
            ("--1", NumberError::NotANumber),
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
