//! Scores are counted in hundredths of a point, so that sums are exact and the
//! same everywhere; rounding happens once, where a share of points is taken.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// Points, in hundredths.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Score(u32);

impl Score {
    pub const ZERO: Score = Score(0);

    pub fn from_points(points: u32) -> Score {
        Score(points.saturating_mul(100))
    }

    pub fn from_hundredths(hundredths: u32) -> Score {
        Score(hundredths)
    }

    pub fn hundredths(self) -> u32 {
        self.0
    }

    /// What is left of these points, at least none.
    pub fn saturating_sub(self, other: Score) -> Score {
        Score(self.0.saturating_sub(other.0))
    }

    /// The share `part`/`whole` of these points, rounded down to a hundredth:
    /// full points are for everything right. A `whole` of 0 gives 0.
    pub fn share(self, part: usize, whole: usize) -> Score {
        if whole == 0 {
            return Score::ZERO;
        }
        let part = part.min(whole);
        Score((u128::from(self.0) * part as u128 / whole as u128) as u32)
    }
}

impl Score {
    /// The portion of these points, from 0 to 1 and kept within them, rounded
    /// down to a hundredth; one that misses a hundredth by no more than floating
    /// point does is that hundredth. What is not a number is worth nothing.
    pub fn portion(self, share: f64) -> Score {
        let share = if share.is_nan() {
            0.0
        } else {
            share.clamp(0.0, 1.0)
        };
        Score((f64::from(self.0) * share + 1e-6).floor() as u32)
    }
}

impl Add for Score {
    type Output = Score;
    fn add(self, other: Score) -> Score {
        Score(self.0.saturating_add(other.0))
    }
}

impl Sum for Score {
    fn sum<I: Iterator<Item = Score>>(scores: I) -> Score {
        scores.fold(Score::ZERO, Add::add)
    }
}

impl fmt::Display for Score {
    /// `40`, `33.3`, `33.33`: no trailing zeros. Pages put the decimal sign of
    /// their language in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", rest / 10),
            _ => write!(f, "{whole}.{rest:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Score;

    #[test]
    fn shares_round_down_and_print_without_trailing_zeros() {
        let forty = Score::from_points(40);
        for (part, whole, text) in [
            (0, 3, "0"),
            (1, 3, "13.33"),
            (3, 3, "40"),
            (1, 16, "2.5"),
            (1, 0, "0"),
            (9, 3, "40"),
        ] {
            assert_eq!(forty.share(part, whole).to_string(), text);
        }
        for (portion, text) in [
            (0.0, "0"),
            (0.29, "11.6"),
            (1.0 / 3.0, "13.33"),
            (0.999_99, "39.99"),
            (1.0, "40"),
            (1.5, "40"),
            (-1.0, "0"),
            (f64::NAN, "0"),
        ] {
            assert_eq!(forty.portion(portion).to_string(), text, "{portion}");
        }
        assert_eq!(Score::from_hundredths(1205).to_string(), "12.05");
    }
}
