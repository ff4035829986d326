//! Metrics by name, defined as in scikit-learn, so that a student who measures
//! at home gets our value.
//!
//! Classes are indices into the pack's list of classes. Sums run in the order of
//! the rows, so a value is the same on every machine. `None`: the metric is not
//! defined on these rows (no rows, one class alone for ROC-AUC), or not finite.

mod classes;
mod scores;
mod values;

pub use classes::{Average, Confusion};
pub use scores::{log_loss, roc_auc, top_k};
pub use values::{mae, mape, mse, r2};

use gradien_problems::pack::Metric;
use serde::{Deserialize, Serialize};

/// What a student predicts for the rows, in the order of the truth.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicted {
    /// A class for each row.
    Classes(Vec<usize>),
    /// Rows × classes, C order: a probability or score for each class.
    Scores { classes: usize, values: Vec<f64> },
    /// A number for each row.
    Values(Vec<f64>),
}

/// What is right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Truth {
    Classes { classes: usize, labels: Vec<usize> },
    Values(Vec<f64>),
}

impl Predicted {
    /// Whether every row has the same prediction, and there are several.
    pub fn is_constant(&self) -> bool {
        fn same<T: PartialEq>(rows: &[T]) -> bool {
            rows.len() > 1 && rows.iter().all(|row| *row == rows[0])
        }
        match self {
            Predicted::Classes(classes) => same(classes),
            Predicted::Values(values) => same(values),
            Predicted::Scores { classes, values } => {
                let rows: Vec<&[f64]> = values.chunks((*classes).max(1)).collect();
                same(&rows)
            }
        }
    }

    /// The rows of these indices.
    pub fn take(&self, rows: &[usize]) -> Predicted {
        match self {
            Predicted::Classes(all) => Predicted::Classes(take(all, rows)),
            Predicted::Values(all) => Predicted::Values(take(all, rows)),
            Predicted::Scores { classes, values } => Predicted::Scores {
                classes: *classes,
                values: rows
                    .iter()
                    .flat_map(|row| values[row * classes..(row + 1) * classes].iter().copied())
                    .collect(),
            },
        }
    }
}

impl Truth {
    pub fn rows(&self) -> usize {
        match self {
            Truth::Classes { labels, .. } => labels.len(),
            Truth::Values(values) => values.len(),
        }
    }

    pub fn take(&self, rows: &[usize]) -> Truth {
        match self {
            Truth::Classes { classes, labels } => Truth::Classes {
                classes: *classes,
                labels: take(labels, rows),
            },
            Truth::Values(values) => Truth::Values(take(values, rows)),
        }
    }
}

fn take<T: Copy>(all: &[T], rows: &[usize]) -> Vec<T> {
    rows.iter().map(|&row| all[row]).collect()
}

/// The metric of predictions over the same rows as the truth. `None` where it is
/// not defined, not finite, or the two are not of a kind.
pub fn measure(metric: Metric, predicted: &Predicted, truth: &Truth) -> Option<f64> {
    if truth.rows() == 0 {
        return None;
    }
    let value = match (predicted, truth) {
        (Predicted::Classes(got), Truth::Classes { classes, labels }) => {
            let confusion = Confusion::new(*classes, labels, got);
            match metric {
                Metric::Accuracy => confusion.accuracy(),
                Metric::BalancedAccuracy => confusion.balanced_accuracy()?,
                Metric::PrecisionMacro => confusion.precision(Average::Macro),
                Metric::PrecisionMicro => confusion.precision(Average::Micro),
                Metric::PrecisionWeighted => confusion.precision(Average::Weighted),
                Metric::RecallMacro => confusion.recall(Average::Macro),
                Metric::RecallMicro => confusion.recall(Average::Micro),
                Metric::RecallWeighted => confusion.recall(Average::Weighted),
                Metric::F1Macro => confusion.f1(Average::Macro),
                Metric::F1Micro => confusion.f1(Average::Micro),
                Metric::F1Weighted => confusion.f1(Average::Weighted),
                Metric::Iou => confusion.iou(Average::Macro),
                _ => return None,
            }
        }
        (Predicted::Scores { classes, values }, Truth::Classes { labels, .. }) => match metric {
            Metric::RocAuc => roc_auc(labels, values, *classes)?,
            Metric::LogLoss => log_loss(labels, values, *classes),
            Metric::TopK(k) => top_k(labels, values, *classes, k),
            _ => return None,
        },
        (Predicted::Values(got), Truth::Values(right)) => match metric {
            Metric::Mse => mse(right, got),
            Metric::Rmse => mse(right, got).sqrt(),
            Metric::Mae => mae(right, got),
            Metric::Mape => mape(right, got),
            Metric::R2 => r2(right, got)?,
            _ => return None,
        },
        _ => return None,
    };
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests;
