//! Metrics of predicted numbers. `right` and `got` have the same length, at
//! least one.
//!
//! Sources: scikit-learn `mean_squared_error`, `mean_absolute_error`,
//! `mean_absolute_percentage_error`, `r2_score`.

fn mean(terms: impl Iterator<Item = f64>, count: usize) -> f64 {
    terms.sum::<f64>() / count as f64
}

/// The mean of (y − ŷ)².
pub fn mse(right: &[f64], got: &[f64]) -> f64 {
    let terms = right.iter().zip(got).map(|(y, p)| (y - p) * (y - p));
    mean(terms, right.len())
}

/// The mean of |y − ŷ|.
pub fn mae(right: &[f64], got: &[f64]) -> f64 {
    let terms = right.iter().zip(got).map(|(y, p)| (y - p).abs());
    mean(terms, right.len())
}

/// The mean of |y − ŷ| / max(|y|, ε) with the machine's epsilon: a share, not
/// per cent, and huge where y is 0.
pub fn mape(right: &[f64], got: &[f64]) -> f64 {
    let terms = right.iter().zip(got);
    let terms = terms.map(|(y, p)| (y - p).abs() / y.abs().max(f64::EPSILON));
    mean(terms, right.len())
}

/// 1 − Σ(y − ŷ)² / Σ(y − ȳ)². Where all y are equal: 1 if all are met, else 0.
/// `None` for fewer than two rows.
pub fn r2(right: &[f64], got: &[f64]) -> Option<f64> {
    if right.len() < 2 {
        return None;
    }
    let centre = mean(right.iter().copied(), right.len());
    let residual: f64 = right.iter().zip(got).map(|(y, p)| (y - p) * (y - p)).sum();
    let total: f64 = right.iter().map(|y| (y - centre) * (y - centre)).sum();
    Some(match (residual == 0.0, total == 0.0) {
        (true, _) => 1.0,
        (false, true) => 0.0,
        _ => 1.0 - residual / total,
    })
}
