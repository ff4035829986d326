//! The flaw `fitted_to_a`: predictions that do well on part A and much worse on
//! part B, by more than the chance of the draw of the two parts explains.
//!
//! Whoever sends in often and keeps what part A likes fits part A. The value on B
//! tells, but two parts of some hundred rows differ by chance too. So the rows of
//! both are dealt anew to two parts of the same sizes: a permutation test (Good,
//! *Permutation, Parametric and Bootstrap Tests of Hypotheses*, 2005, §3) of the
//! difference A − B. Predictions made without looking at the parts are as likely in
//! any dealing; told is only what none of [`DEALINGS`] dealings reaches, so an
//! honest submission is accused at most once in 200 times that the gap is so wide.

use crate::metrics::{Predicted, measure};
use crate::prepare::Labels;
use gradien_problems::pack::Scoring;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Of the way from the baseline to the best: part A is done well …
const GOOD: f64 = 0.5;
/// … and part B is so much behind it.
const GAP: f64 = 0.3;
const DEALINGS: usize = 199;
/// The dealings are the same in every judgement.
const SEED: u64 = 0x5B11_7A0B;

/// Whether the predictions, a row for each of the labels, are fitted to part A.
pub fn is_fitted_to_a(scoring: &Scoring, predicted: &Predicted, labels: &Labels) -> bool {
    let (a, b) = (&labels.split_a, &labels.split_b);
    let way = |rows: &[usize]| -> Option<f64> {
        let value = measure(
            scoring.metric,
            &predicted.take(rows),
            &labels.truth.take(rows),
        );
        value.map(|value| scoring.way(value))
    };
    let (Some(way_a), Some(way_b)) = (way(a), way(b)) else {
        return false;
    };
    let gap = way_a - way_b;
    if way_a < GOOD || gap < GAP {
        return false;
    }
    let mut rows: Vec<usize> = a.iter().chain(b).copied().collect();
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    (0..DEALINGS).all(|_| {
        shuffle(&mut rows, &mut rng);
        let (dealt_a, dealt_b) = rows.split_at(a.len());
        // A metric that is not defined on a dealing says nothing.
        match (way(dealt_a), way(dealt_b)) {
            (Some(dealt_a), Some(dealt_b)) => dealt_a - dealt_b < gap,
            _ => true,
        }
    })
}

/// Fisher and Yates. The remainder's bias is below 2⁻⁴⁰ for so few rows.
fn shuffle(rows: &mut [usize], rng: &mut ChaCha8Rng) {
    for last in (1..rows.len()).rev() {
        let other = rng.next_u64() % (last as u64 + 1);
        rows.swap(last, other as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::Truth;
    use gradien_problems::pack::Metric;

    const ROWS: usize = 200;

    fn scoring() -> Scoring {
        Scoring {
            metric: Metric::Accuracy,
            points: 100,
            baseline: 0.5,
            best: 0.9,
            decimals: 3,
            thresholds: Vec::new(),
        }
    }

    /// Two classes in turn, the parts by halves.
    fn labels() -> Labels {
        Labels {
            ids: (0..ROWS).map(|row| row.to_string()).collect(),
            split_a: (0..ROWS / 2).collect(),
            split_b: (ROWS / 2..ROWS).collect(),
            truth: Truth::Classes {
                classes: 2,
                labels: (0..ROWS).map(|row| row % 2).collect(),
            },
        }
    }

    /// Right but for every `a`-th row of part A and every `b`-th of part B.
    fn wrong_each(a: usize, b: usize) -> Predicted {
        let class = |row: usize| {
            let each = if row < ROWS / 2 { a } else { b };
            if row.is_multiple_of(each) {
                1 - row % 2
            } else {
                row % 2
            }
        };
        Predicted::Classes((0..ROWS).map(class).collect())
    }

    #[test]
    fn what_is_good_on_a_alone_is_fitted_to_it() {
        assert!(is_fitted_to_a(&scoring(), &wrong_each(50, 2), &labels()));
    }

    #[test]
    fn what_is_as_good_on_b_or_better_is_not() {
        for (a, b) in [(10, 10), (9, 10), (2, 50), (3, 3)] {
            let predicted = wrong_each(a, b);
            assert!(
                !is_fitted_to_a(&scoring(), &predicted, &labels()),
                "{a} {b}"
            );
        }
    }

    #[test]
    fn a_gap_that_chance_explains_is_not_told() {
        // Twenty rows: 9 of 10 against 7 of 10 is a wide gap and proves nothing.
        let mut labels = labels();
        labels.split_a = (0..10).collect();
        labels.split_b = (100..110).collect();
        let predicted = wrong_each(10, 4);
        assert!(!is_fitted_to_a(&scoring(), &predicted, &labels));
    }
}
