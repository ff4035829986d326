//! Numbers as each language writes them: decimal comma in Indonesian.

use gradien_problems::{Language, Score};

fn with_sign(text: String, language: Language) -> String {
    match language {
        Language::Id => text.replace('.', ","),
        Language::En => text,
    }
}

/// `13,33` or `13.33`.
pub fn score(score: Score, language: Language) -> String {
    with_sign(score.to_string(), language)
}

/// A number with so many decimals: `0,9130`.
pub fn decimal(value: f64, decimals: u32, language: Language) -> String {
    with_sign(format!("{value:.*}", decimals as usize), language)
}

/// An integer with its thousands apart: `12.345` or `12,345`.
pub fn grouped(number: u64, language: Language) -> String {
    let sign = match language {
        Language::Id => '.',
        Language::En => ',',
    };
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(sign);
        }
        text.push(digit);
    }
    text
}

/// Milliseconds as seconds with one decimal: `1,3`.
pub fn seconds(wall_ms: i64, language: Language) -> String {
    with_sign(format!("{:.1}", wall_ms as f64 / 1000.0), language)
}

/// Bytes as whole mebibytes, rounded up: `57`.
pub fn mebibytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decimal_sign_is_that_of_the_language() {
        let value = Score::from_hundredths(1333);
        assert_eq!(score(value, Language::Id), "13,33");
        assert_eq!(score(value, Language::En), "13.33");
        assert_eq!(seconds(1349, Language::Id), "1,3");
        assert_eq!(seconds(1349, Language::En), "1.3");
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1.000"),
            (1234567, "1.234.567"),
        ] {
            assert_eq!(grouped(number, Language::Id), text);
        }
        assert_eq!(mebibytes(57 << 20), 57);
        assert_eq!(mebibytes((57 << 20) + 1), 58);
    }
}
