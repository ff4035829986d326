//! Every metric against scikit-learn, on generated cases.

use gradien_grader::metrics::{Predicted, Truth, measure};
use gradien_problems::pack::{Compares, Metric};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// For each metric.
const CASES: usize = 40;
/// Both sum the same numbers, in other orders.
const RELATIVE: f64 = 1e-11;

struct Draw(ChaCha8Rng);

impl Draw {
    fn below(&mut self, bound: usize) -> usize {
        (self.0.next_u64() % bound as u64) as usize
    }

    /// From 0 to 1; one in three is a quarter, half or other plain number, so that
    /// there are ties.
    fn unit(&mut self) -> f64 {
        match self.below(3) {
            0 => self.below(9) as f64 / 8.0,
            _ => (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64,
        }
    }

    /// Each class at least once: without it an area is not defined.
    fn labels(&mut self, classes: usize, rows: usize) -> Vec<usize> {
        (0..rows)
            .map(|row| {
                if row < classes {
                    row
                } else {
                    self.below(classes)
                }
            })
            .collect()
    }

    fn case(&mut self, metric: Metric) -> (Predicted, Truth, Value) {
        let name = metric.name();
        match metric.compares() {
            Compares::Classes => {
                let classes = 2 + self.below(6);
                let rows = 1 + self.below(60);
                // Some classes are in neither, in one, or in both.
                let used = 1 + self.below(classes);
                let right: Vec<usize> = (0..rows).map(|_| self.below(used)).collect();
                let got: Vec<usize> = (0..rows).map(|_| self.below(classes)).collect();
                let case = json!({"metric": name, "classes": classes, "right": right, "got": got});
                let truth = Truth::Classes {
                    classes,
                    labels: right,
                };
                (Predicted::Classes(got), truth, case)
            }
            Compares::Probabilities => {
                let least = match metric {
                    // Of two classes scikit-learn takes one score a row, with another rule
                    // for ties.
                    Metric::TopK(k) => (k + 1).max(3),
                    _ => 2,
                };
                let classes = least + self.below(4);
                let rows = classes + self.below(60);
                let labels = self.labels(classes, rows);
                let values: Vec<f64> = (0..rows).flat_map(|_| self.shares(classes)).collect();
                let got: Vec<&[f64]> = values.chunks(classes).collect();
                let case = json!({"metric": name, "classes": classes, "right": labels, "got": got});
                let predicted = Predicted::Scores { classes, values };
                (predicted, Truth::Classes { classes, labels }, case)
            }
            Compares::Numbers => {
                let rows = 2 + self.below(60);
                let scale = 10f64.powi(self.below(7) as i32 - 3);
                let mut numbers = || -> Vec<f64> {
                    let number = |_| (self.unit() - 0.5) * scale;
                    (0..rows).map(number).collect()
                };
                let (right, got) = (numbers(), numbers());
                let case = json!({"metric": name, "classes": 0, "right": right, "got": got});
                (Predicted::Values(got), Truth::Values(right), case)
            }
        }
    }

    /// Probabilities that add up to 1, some of them 0.
    fn shares(&mut self, classes: usize) -> Vec<f64> {
        let parts: Vec<f64> = (0..classes).map(|_| self.unit()).collect();
        let sum: f64 = parts.iter().sum();
        match sum > 0.0 {
            true => parts.iter().map(|part| part / sum).collect(),
            false => vec![1.0 / classes as f64; classes],
        }
    }
}

fn metrics() -> Vec<Metric> {
    let named = Metric::NAMED.iter().map(|(_, metric)| *metric);
    named.chain((1..=3).map(Metric::TopK)).collect()
}

#[test]
fn every_metric_has_the_value_of_scikit_learn() {
    let Some(sklearn) = std::env::var_os("GRADIEN_SKLEARN") else {
        println!("SKIPPED: no scikit-learn to check metrics against (GRADIEN_SKLEARN)");
        return;
    };
    let mut draw = Draw(ChaCha8Rng::seed_from_u64(11));
    let mut ours = Vec::new();
    let mut cases = Vec::new();
    for metric in metrics() {
        for _ in 0..CASES {
            let (predicted, truth, case) = draw.case(metric);
            ours.push(measure(metric, &predicted, &truth));
            cases.push(case);
        }
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/metrics.py");
    let mut python = Command::new("python3")
        .arg(script)
        .env("PYTHONPATH", sklearn)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    let mut input = python.stdin.take().expect("piped");
    serde_json::to_writer(&mut input, &cases).expect("written");
    input.flush().expect("written");
    drop(input);
    let said = python.wait_with_output().expect("read");
    assert!(said.status.success());
    let theirs: Vec<f64> = serde_json::from_slice(&said.stdout).expect("a list of numbers");
    assert_eq!(theirs.len(), cases.len());
    assert_eq!(theirs.len(), metrics().len() * CASES);
    for ((ours, theirs), case) in ours.iter().zip(&theirs).zip(&cases) {
        let ours = ours.unwrap_or_else(|| panic!("not defined, but {theirs}: {case}"));
        let close = (ours - theirs).abs() <= RELATIVE * theirs.abs().max(1e-3);
        assert!(close, "ours {ours}, scikit-learn {theirs}: {case}");
    }
}
