//! `cargo xtask bench grader`: how many verdicts a second, where a verdict's time
//! goes, what batching a reference is worth, and what networks cost. Middle values
//! with the distance between their quartiles; nothing is asserted of a time.

mod networks;
mod references;
mod stages;
mod throughput;

use gradien_grader::reference::ReferenceConfig;
use gradien_problems::Pack;
use gradien_problems::protocol::Submission;
use gradien_tests::{binaries, packs};
use std::time::Instant;

pub const GRU: &str = "ch5-gru-cell";
const ACCEPTED: &str = "accepted/last_axis.py";

pub fn rounds() -> usize {
    let asked = std::env::var("GRADIEN_BENCH_ROUNDS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(9)
}

/// The GRU pack and a right solution of it.
pub fn gru() -> (Pack, Submission) {
    let pack = packs::load(GRU);
    let mut examples = pack.submissions.iter();
    let found = examples.find(|example| example.path == ACCEPTED);
    let submission = found.expect("it is in the pack").submission.clone();
    (pack, submission)
}

pub fn reference_config() -> ReferenceConfig {
    let mut config = ReferenceConfig::new(binaries::path("gradien-reference"));
    config.cuda_library = std::env::var_os("GRADIEN_CUDA_LIBRARY").map(Into::into);
    config
}

/// Milliseconds of one call, and what it gave.
pub fn timed<T>(call: impl FnOnce() -> T) -> (f64, T) {
    let begun = Instant::now();
    let given = call();
    (begun.elapsed().as_secs_f64() * 1e3, given)
}

pub fn told(what: &str, unit: &str, mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = |share: f64| values[((values.len() - 1) as f64 * share).round() as usize];
    let (median, iqr) = (at(0.5), at(0.75) - at(0.25));
    println!(
        "{what:<52} {median:>10.3} {unit:<10} IQR {iqr:.3}  of {}",
        values.len()
    );
    median
}
