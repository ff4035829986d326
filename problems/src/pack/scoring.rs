//! From a metric's value to points: kinds `prediction` and `model` share it.

use super::metric::{Compares, MAX_CLASSES, Metric};
use crate::score::Score;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The one subtask of a report: the points of split A.
pub const SPLIT_SUBTASK: &str = "split_a";
const MAX_POINTS: u32 = 1000;
const MAX_DECIMALS: u32 = 12;
const MAX_THRESHOLDS: usize = 20;

#[derive(Debug, Clone, PartialEq)]
pub struct Scoring {
    pub metric: Metric,
    pub points: u32,
    /// The value that is worth nothing.
    pub baseline: f64,
    /// The value that is worth all points.
    pub best: f64,
    /// Decimals with which a value is shown. Kind `model` is scored with the
    /// rounded value, because a network's last bits differ between devices.
    pub decimals: u32,
    /// Where there are any, points come in these steps and not in proportion;
    /// from the least to the best.
    pub thresholds: Vec<Threshold>,
}

/// A value of the metric that is worth a share of the points.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// Of the metric.
    pub value: f64,
    /// Of the points: 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    pub percent: u32,
}

impl Scoring {
    /// The share of the points for a value of the metric: (S − baseline) /
    /// (best − baseline), kept within 0 and 1; the olympiad's rule. With
    /// thresholds it is the share of the best that is reached. Both hold for
    /// metrics where lower is better too: there `best` lies below. What is not
    /// finite is worth nothing.
    pub fn share(&self, value: Option<f64>) -> f64 {
        let Some(value) = value.filter(|value| value.is_finite()) else {
            return 0.0;
        };
        if self.thresholds.is_empty() {
            return self.way(value).clamp(0.0, 1.0);
        }
        let lower = self.metric.lower_is_better();
        let reached = |one: &&Threshold| match lower {
            true => value <= one.value,
            false => value >= one.value,
        };
        let best = self
            .thresholds
            .iter()
            .filter(reached)
            .map(|one| one.percent);
        f64::from(best.max().unwrap_or(0)) / 100.0
    }

    /// How far a finite value is from the baseline to the best: 0 and 1 at these,
    /// below 0 and above 1 beyond them.
    pub fn way(&self, value: f64) -> f64 {
        (value - self.baseline) / (self.best - self.baseline)
    }

    /// The points for a value, rounded down to a hundredth.
    pub fn score(&self, value: Option<f64>) -> Score {
        Score::from_points(self.points).portion(self.share(value))
    }

    /// The value with the declared decimals, half away from zero.
    pub fn round(&self, value: f64) -> f64 {
        let scale = 10f64.powi(self.decimals as i32);
        let rounded = (value * scale).round() / scale;
        // A value so large has no decimals to round.
        match rounded.is_finite() {
            true => rounded,
            false => value,
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if !(1..=MAX_POINTS).contains(&self.points) || self.decimals > MAX_DECIMALS {
            return Err(format!(
                "points must be 1 to {MAX_POINTS}, decimals at most {MAX_DECIMALS}"
            ));
        }
        let better = |a: f64, b: f64| match self.metric.lower_is_better() {
            true => a < b,
            false => a > b,
        };
        let finite = self.baseline.is_finite() && self.best.is_finite();
        if !finite || !better(self.best, self.baseline) {
            return Err("best must be better than baseline, by the metric's direction".into());
        }
        let mut before = (self.baseline, 0);
        for one in &self.thresholds {
            let rises = better(one.value, before.0) && one.percent > before.1;
            if !rises || !one.value.is_finite() {
                return Err(
                    "thresholds must get better from the baseline on, each with more per cent than the one before"
                        .into(),
                );
            }
            before = (one.value, one.percent);
        }
        let ends = before == (self.best, 100) || self.thresholds.is_empty();
        if !ends || self.thresholds.len() > MAX_THRESHOLDS {
            return Err(format!(
                "the last of at most {MAX_THRESHOLDS} thresholds must be {{ value = {}, percent = 100 }}: the best",
                self.best
            ));
        }
        Ok(())
    }
}

pub(super) fn default_decimals() -> u32 {
    4
}

/// Where a metric compares classes there are some, and no two alike.
pub(super) fn check_classes(metric: Metric, classes: &[String]) -> Result<(), String> {
    let distinct: BTreeSet<&String> = classes.iter().collect();
    let wanted = metric.compares() != Compares::Numbers;
    if distinct.len() < classes.len() || (wanted && !(2..=MAX_CLASSES).contains(&classes.len())) {
        return Err(format!(
            "classes must list 2 to {MAX_CLASSES} different labels"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scoring(metric: Metric, baseline: f64, best: f64, steps: &[(f64, u32)]) -> Scoring {
        let steps = steps.iter();
        Scoring {
            metric,
            points: 100,
            baseline,
            best,
            decimals: 2,
            thresholds: steps
                .map(|&(value, percent)| Threshold { value, percent })
                .collect(),
        }
    }

    #[test]
    fn points_go_from_the_baseline_to_the_best_in_either_direction() {
        for (baseline, best, value, share) in [
            (0.5, 0.9, Some(0.7), 0.5),
            (0.5, 0.9, Some(0.4), 0.0),
            (0.5, 0.9, Some(1.0), 1.0),
            (2.0, 1.0, Some(1.25), 0.75),
            (2.0, 1.0, Some(3.0), 0.0),
            (0.5, 0.9, None, 0.0),
            (0.5, 0.9, Some(f64::INFINITY), 0.0),
        ] {
            let got = scoring(Metric::Accuracy, baseline, best, &[]).share(value);
            assert!((got - share).abs() < 1e-12, "{value:?}: {got}");
        }
    }

    #[test]
    fn points_are_rounded_down_but_for_the_last_bit() {
        let rule = scoring(Metric::Accuracy, 0.4, 0.97, &[]);
        for (value, hundredths) in [(0.97, 10_000), (0.54, 2456), (0.82, 7368), (0.4, 0)] {
            assert_eq!(rule.score(Some(value)).hundredths(), hundredths, "{value}");
        }
        // (0.85 − 0.5) / 0.5 is just below 0.7 in binary.
        let rule = scoring(Metric::Accuracy, 0.5, 1.0, &[]);
        assert_eq!(rule.score(Some(0.85)).hundredths(), 7000);
    }

    #[test]
    fn thresholds_are_steps() {
        let up = [(0.7, 30), (0.8, 60), (0.9, 100)];
        let rising = scoring(Metric::Accuracy, 0.5, 0.9, &up);
        rising.check().unwrap();
        let falling = scoring(Metric::Mse, 2.0, 1.0, &[(1.5, 50), (1.0, 100)]);
        falling.check().unwrap();
        for (rule, value, share) in [
            (&rising, 0.69, 0.0),
            (&rising, 0.7, 0.3),
            (&rising, 0.85, 0.6),
            (&rising, 0.95, 1.0),
            (&falling, 1.6, 0.0),
            (&falling, 1.5, 0.5),
            (&falling, 0.2, 1.0),
        ] {
            assert_eq!(rule.share(Some(value)), share, "{value}");
        }
    }

    #[test]
    fn thresholds_that_do_not_rise_to_the_best_are_refused() {
        for steps in [
            &[(0.8, 60), (0.7, 80), (0.9, 100)][..],
            &[(0.7, 60), (0.8, 60), (0.9, 100)],
            &[(0.7, 60)],
            &[(0.4, 60), (0.9, 100)],
            &[(0.9, 90)],
            &[(f64::NAN, 100)],
        ] {
            let refused = scoring(Metric::Accuracy, 0.5, 0.9, steps).check();
            assert!(refused.unwrap_err().contains("thresholds"), "{steps:?}");
        }
    }

    #[test]
    fn values_are_rounded_as_declared() {
        let rule = scoring(Metric::Mse, 2.0, 1.0, &[]);
        for (value, rounded) in [
            (0.125, 0.13),
            (0.9649, 0.96),
            (-1.005, -1.0),
            (1e308, 1e308),
        ] {
            assert_eq!(rule.round(value), rounded);
        }
    }
}
