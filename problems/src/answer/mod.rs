//! Hand-computed answers: from typed text to numbers, and from numbers to
//! verdicts per cell.

mod expression;
mod number;
mod shape;

pub use number::{NumberError, parse_number, typed_decimals};
pub use shape::parse_shape;

/// How a typed number compares with the expected one, where `decimals` digits
/// after the point are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closeness {
    Right,
    /// Outside the tolerance but within ten times of it: rounded too coarsely.
    LessPrecise,
    Wrong,
}

/// Half a unit of the last digit asked for, plus `slack_units` whole units for
/// rounded intermediate values: `(0.5 + slack) · 10^-decimals`.
pub fn accepted_deviation(decimals: u32, slack_units: f64) -> f64 {
    (0.5 + slack_units) * 10f64.powi(-(decimals as i32))
}

/// Compares one cell. Where integers are asked for (`decimals` 0 and no slack)
/// nothing is "less precise": a whole number is right or wrong.
pub fn compare_cell(got: f64, expected: f64, decimals: u32, slack_units: f64) -> Closeness {
    let deviation = (got - expected).abs();
    let accepted = accepted_deviation(decimals, slack_units);
    // One part in 10^9 of room, so that a value exactly on the edge, which
    // binary fractions cannot hold, counts as inside.
    if deviation <= accepted * (1.0 + 1e-9) {
        Closeness::Right
    } else if decimals > 0 && deviation <= accepted * 10.0 {
        Closeness::LessPrecise
    } else {
        Closeness::Wrong
    }
}

/// Whether a typed number is the right one, rounded or cut to fewer digits than
/// are asked for. One digit that is not zero must be there: "0" says nothing.
pub fn is_coarser(typed: &str, got: f64, expected: f64, decimals: u32) -> bool {
    let Some(typed) = typed_decimals(typed).filter(|&typed| typed < decimals) else {
        return false;
    };
    let unit = 10f64.powi(-(typed as i32));
    let room = 1.0 + 1e-9;
    let rounded = (got - expected).abs() <= 0.5 * unit * room;
    let cut = got.abs() <= expected.abs() * room && expected.abs() - got.abs() < unit;
    got != 0.0 && got * expected > 0.0 && (rounded || cut)
}

#[cfg(test)]
mod tests {
    use super::{Closeness::*, *};

    #[test]
    fn too_few_digits_are_told_from_a_mistake() {
        for (typed, expected, coarser) in [
            ("0.6", 0.6456563, true),
            ("0.65", 0.6456563, true),
            ("0,64", 0.6456563, true),
            ("-0.6", -0.6456563, true),
            ("-0.6", 0.6456563, false),
            ("0.7", 0.6456563, false),
            ("1", 0.6456563, true),
            ("0", 0.3, false),
            ("0.646", 0.6456563, false),
            ("64", 64.2, true),
            ("2/3", 0.6456563, false),
        ] {
            let got = parse_number(typed).unwrap();
            assert_eq!(is_coarser(typed, got, expected, 3), coarser, "{typed}");
        }
    }

    #[test]
    fn cells_are_right_within_half_a_unit_and_slack() {
        for (got, expected, decimals, slack, closeness) in [
            (0.645, 0.6456563, 3, 0.0, LessPrecise),
            (0.646, 0.6456563, 3, 0.0, Right),
            (0.645, 0.6456563, 3, 1.0, Right),
            (0.6, 0.6456563, 3, 1.0, Wrong),
            (0.6, 0.6, 3, 0.0, Right),
            (0.6005, 0.6, 3, 0.0, Right),
            (3.0, 3.0, 0, 0.0, Right),
            (4.0, 3.0, 0, 0.0, Wrong),
            (3.4, 3.0, 0, 0.0, Right),
            (f64::NAN, 3.0, 0, 0.0, Wrong),
        ] {
            assert_eq!(
                compare_cell(got, expected, decimals, slack),
                closeness,
                "{got} {expected}"
            );
        }
    }
}
