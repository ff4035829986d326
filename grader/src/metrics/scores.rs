//! Metrics of a score for each class: rows × classes in C order.
//!
//! Sources: scikit-learn `roc_auc_score` (binary; `multi_class="ovr"`,
//! `average="macro"`), `log_loss`, `top_k_accuracy_score`.

/// The area under the ROC curve. Two classes: of the second one's scores. More:
/// the mean over classes of one against the rest. `None` where a class of the
/// list is missing in the truth, or all rows are of one class.
pub fn roc_auc(labels: &[usize], scores: &[f64], classes: usize) -> Option<f64> {
    let area = |class: usize| {
        let pairs = labels.iter().enumerate();
        binary_auc(pairs.map(|(row, &label)| (scores[row * classes + class], label == class)))
    };
    match classes {
        0 | 1 => None,
        2 => area(1),
        _ => {
            let areas = (0..classes).map(area).collect::<Option<Vec<f64>>>()?;
            Some(areas.iter().sum::<f64>() / classes as f64)
        }
    }
}

/// The chance that a positive row scores higher than a negative one, ties
/// counting half: the Mann–Whitney U over the number of pairs. Counted in whole
/// numbers, so the order of the rows does not matter.
fn binary_auc(rows: impl Iterator<Item = (f64, bool)>) -> Option<f64> {
    let mut rows: Vec<(f64, bool)> = rows.collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let positives = rows.iter().filter(|row| row.1).count() as u128;
    let negatives = rows.len() as u128 - positives;
    if positives == 0 || negatives == 0 {
        return None;
    }
    let (mut below, mut twice_u) = (0u128, 0u128);
    // 0.0 and -0.0 are equal though sorted apart: equality is the numbers' own.
    for tied in rows.chunk_by(|a, b| a.0 == b.0) {
        let positive = tied.iter().filter(|row| row.1).count() as u128;
        let negative = tied.len() as u128 - positive;
        twice_u += positive * (2 * below + negative);
        below += negative;
    }
    Some(twice_u as f64 / (2 * positives * negatives) as f64)
}

/// The mean of −ln p of the right class, with p kept off 0 and 1 by the machine's
/// epsilon. Rows that do not add up to 1 are scaled to it first; on rows that do
/// it is scikit-learn's value. A row whose sum is not positive counts as zeros.
pub fn log_loss(labels: &[usize], scores: &[f64], classes: usize) -> f64 {
    let losses = labels.iter().enumerate().map(|(row, &label)| {
        let row = &scores[row * classes..(row + 1) * classes];
        let clipped = |p: f64| p.clamp(f64::EPSILON, 1.0 - f64::EPSILON);
        let sum: f64 = row.iter().sum();
        let share = if sum > 0.0 { row[label] / sum } else { 0.0 };
        -clipped(share).ln()
    });
    losses.sum::<f64>() / labels.len() as f64
}

/// The share of rows whose right class is among the `k` highest. Of equal scores
/// the later class counts as the higher, as scikit-learn's stable sort has it.
pub fn top_k(labels: &[usize], scores: &[f64], classes: usize, k: usize) -> f64 {
    let hits = labels.iter().enumerate().filter(|&(row, &label)| {
        let row = &scores[row * classes..(row + 1) * classes];
        let above = (0..classes)
            .filter(|&class| row[class] > row[label] || (row[class] == row[label] && class > label))
            .count();
        above < k
    });
    hits.count() as f64 / labels.len() as f64
}
