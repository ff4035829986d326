//! How a pack's limit of fuel was chosen: from its slowest accepted example on one
//! guest, by a formula, so that anybody can see whether it still holds.

use schemars::JsonSchema;
use serde::Deserialize;

/// What `pack calibrate` writes beside the limit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibrated {
    /// SHA-256 of the guest image that the fuel was measured on.
    pub guest: String,
    /// Of the slowest case of the slowest accepted example, in units.
    pub fuel: u64,
    /// The limit is so many times the fuel.
    pub multiple: u32,
}

/// For packs that are not about speed.
pub const DEFAULT_MULTIPLE: u32 = 10;
/// Less leaves no room for another way to write the same.
pub const MULTIPLES: std::ops::RangeInclusive<u32> = 2..=1000;
/// No limit is lower: importing a module of the standard library, or printing a
/// few arrays, must never decide.
pub const LEAST_LIMIT: u64 = 200_000_000;

impl Calibrated {
    /// `fuel · multiple`, rounded up to two significant digits, at least
    /// [`LEAST_LIMIT`].
    pub fn limit(&self) -> u64 {
        let limit = self.fuel.saturating_mul(self.multiple.into());
        round_up(limit).max(LEAST_LIMIT)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let is_hash = self.guest.len() == 64
            && (self.guest.bytes()).all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if is_hash && self.fuel > 0 && MULTIPLES.contains(&self.multiple) {
            return Ok(());
        }
        Err(format!(
            "calibrated needs the guest's SHA-256, the fuel, and a multiple of {} to {}; `pack calibrate` writes it",
            MULTIPLES.start(),
            MULTIPLES.end()
        ))
    }
}

/// To two significant digits.
fn round_up(number: u64) -> u64 {
    let mut unit: u64 = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    number.div_ceil(unit).saturating_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_rounded_up_to_two_digits() {
        for (number, rounded) in [
            (0, 0),
            (7, 7),
            (99, 99),
            (100, 100),
            (101, 110),
            (991, 1000),
            (123_456_789, 130_000_000),
            (u64::MAX, u64::MAX),
        ] {
            assert_eq!(round_up(number), rounded, "{number}");
        }
    }

    #[test]
    fn a_limit_follows_from_the_slowest_example() {
        let calibrated = |fuel, multiple| Calibrated {
            guest: "0".repeat(64),
            fuel,
            multiple,
        };
        assert_eq!(calibrated(61_234_567, 10).limit(), 620_000_000);
        assert_eq!(calibrated(1_000_000, 10).limit(), LEAST_LIMIT);
        assert!(calibrated(1, 10).check().is_ok());
        assert!(calibrated(1, 1).check().is_err());
        assert!(calibrated(0, 10).check().is_err());
        let other = Calibrated {
            guest: "abc".into(),
            ..calibrated(1, 10)
        };
        assert!(other.check().unwrap_err().contains("SHA-256"));
    }
}
