//! Names become types only by these parsers.

use crate::services::{Result, ServiceError};
use std::fmt;

/// 3 to 32 of `a–z`, `0–9`, `.`, `_`, `-`, opening with a letter or a digit.
/// Upper case is taken as lower, so that nobody can look like somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    pub fn parse(typed: &str) -> Result<Username> {
        let name = typed.trim().to_lowercase();
        let mut bytes = name.bytes();
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let well_formed = (3..=32).contains(&name.len())
            && bytes.next().is_some_and(plain)
            && bytes.all(|b| plain(b) || matches!(b, b'.' | b'_' | b'-'));
        if well_formed {
            Ok(Username(name))
        } else {
            Err(ServiceError::UsernameInvalid)
        }
    }
}

/// 1 to 80 characters, none of which controls the terminal or the direction of
/// writing; runs of spaces become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    pub fn parse(typed: &str) -> Result<DisplayName> {
        let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        let odd = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        };
        if name.is_empty() || name.chars().count() > 80 || name.chars().any(odd) {
            return Err(ServiceError::DisplayNameInvalid);
        }
        Ok(DisplayName(name))
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for DisplayName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_plain_and_lower_case() {
        for (typed, name) in [("budi", "budi"), (" Budi.S-1 ", "budi.s-1"), ("007", "007")] {
            assert_eq!(Username::parse(typed).unwrap().to_string(), name);
        }
        let long = "a".repeat(33);
        for bad in ["", "ab", ".ab", "bu di", "budí", "a/b", "аdmin", &long] {
            assert!(Username::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn display_names_hold_no_invisible_signs() {
        let name = DisplayName::parse("  Ni  Putu\tAyu ").unwrap();
        assert_eq!(name.to_string(), "Ni Putu Ayu");
        let long = "é".repeat(81);
        for bad in ["", "   ", "a\u{202e}b", "a\u{0}b", &long] {
            assert!(DisplayName::parse(bad).is_err(), "{bad:?}");
        }
    }
}
