//! The same pack on another device: the right answers within the tolerance, and the
//! same verdict and score for every example.

use super::examples::{outcome, place, report_on};
use super::tolerance::right_excess;
use super::{Bench, Made, Steps};
use crate::GraderError;
use crate::blobs::Blobs;
use crate::prepare::Prepared;
use crate::reference::Device;
use gradien_problems::Pack;
use gradien_problems::pack::{ExampleSubmission, Kind};
use gradien_problems::proof::{Calibration, DeviceComparison, Found, Outcome, Proof};
use gradien_sandbox::array::Array;

pub(super) fn name(device: Device) -> &'static str {
    match device {
        Device::Cpu => "cpu",
        Device::Cuda => "cuda",
    }
}

/// Why a device that was asked for cannot be used.
pub(super) fn missing(bench: &mut Bench<'_>) -> Result<Option<String>, GraderError> {
    if bench.device != Some(Device::Cuda) {
        return Ok(None);
    }
    let hello = bench.children.reference()?.hello();
    if hello.cuda_devices > 0 {
        return Ok(None);
    }
    let reason = hello.cuda_absent.clone();
    Ok(Some(reason.unwrap_or_else(|| {
        "no CUDA library is named; set --cuda-library or GRADIEN_CUDA_LIBRARY".into()
    })))
}

pub(super) fn compare(
    pack: &Pack,
    first: &mut Made<'_>,
    other: &mut Made<'_>,
    blobs: &Blobs,
    steps: &mut Steps<'_>,
    proof: &mut Proof,
) -> Result<(), GraderError> {
    let expected = compare_expected(pack, &first.prepared, &other.prepared, proof);
    let device = device_of(pack, other)?;
    let mut agreeing = 0;
    for example in &pack.submissions {
        steps.now(&format!("{device}: {}", example.path));
        let before = proof.examples.iter().find(|one| one.path == example.path);
        let before = before.map(|one| one.got.clone());
        // That it cannot be judged at all was told.
        let after = report_on(pack, other, example, blobs)?;
        let after = after.ok().map(|report| outcome(&pack.kind, &report));
        if let (Some(before), Some(after)) = (before, after) {
            agreeing += u32::from(compare_outcomes(example, &device, before, after, proof));
        }
        steps.done();
    }
    proof.devices = Some(DeviceComparison {
        devices: vec![device_of(pack, first)?, device],
        values: expected.values,
        excess: expected.excess,
        identical: expected.identical,
        examples: pack.submissions.len() as u32,
        agreeing,
    });
    Ok(())
}

/// How the expected values of two devices compare.
#[derive(Debug, PartialEq)]
struct Expected {
    values: u64,
    identical: u64,
    /// Of the value that is furthest off, in units of the tolerance.
    excess: f64,
}

fn compare_expected(
    pack: &Pack,
    first: &Prepared,
    other: &Prepared,
    proof: &mut Proof,
) -> Expected {
    let excess = right_excess(pack, &other.subtasks, first);
    let excess = excess.min(Calibration::MAX_EXCESS);
    if excess > 1.0 {
        proof.find("reference.py", Found::DeviceExpectedDiffers { excess });
    }
    let (values, identical) = count_values(first, other);
    Expected {
        values,
        identical,
        excess,
    }
}

/// Whether an example came out the same on both.
fn compare_outcomes(
    example: &ExampleSubmission,
    device: &str,
    expected: Outcome,
    got: Outcome,
    proof: &mut Proof,
) -> bool {
    let agree = expected == got;
    if !agree {
        let device = device.to_owned();
        let found = Found::DeviceVerdictDiffers {
            device,
            expected,
            got,
        };
        proof.find(place(example), found);
    }
    agree
}

/// Where it was computed: the reference, or the networks of students.
pub(super) fn device_of(pack: &Pack, made: &mut Made<'_>) -> Result<String, GraderError> {
    match &pack.kind {
        Kind::Model(_) => Ok(name(made.children.model()?.best_device()).into()),
        _ => Ok(made.prepared.device.clone()),
    }
}

/// How many expected numbers there are, and how many are the same to the last bit.
fn count_values(one: &Prepared, other: &Prepared) -> (u64, u64) {
    fn arrays(prepared: &Prepared) -> impl Iterator<Item = &Array> {
        let cases = prepared.subtasks.iter().flatten();
        cases.flat_map(|case| &case.expected)
    }
    let mut counts = (0, 0);
    for (one, other) in arrays(one).zip(arrays(other)) {
        for (one, other) in one.to_f64_vec().iter().zip(other.to_f64_vec()) {
            counts.0 += 1;
            counts.1 += u64::from(one.to_bits() == other.to_bits());
        }
    }
    counts
}

/// No machine of the tests has two kinds of devices, so what they would give is made
/// by hand.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepare::PreparedCase;
    use gradien_problems::{Score, Verdict};
    use std::path::Path;

    fn pack() -> Pack {
        let packs = concat!(env!("CARGO_MANIFEST_DIR"), "/../problems/packs");
        let pack = Pack::load(&Path::new(packs).join("ch5-convolution-code"));
        pack.expect("it ships")
    }

    /// One case of the first subtask, for which the device gave these values.
    fn prepared(values: [f64; 2]) -> Prepared {
        Prepared {
            device: "cpu".into(),
            subtasks: vec![vec![PreparedCase {
                inputs: Vec::new(),
                expected: vec![Array::from_f64(&[1, 2], &values)],
                steps: Vec::new(),
            }]],
            samples: Vec::new(),
            misconceptions: Vec::new(),
            pairs: Vec::new(),
            labels: None,
        }
    }

    fn proof() -> Proof {
        Proof::bare("ch5-convolution-code".into(), "cpu", "guest")
    }

    #[test]
    fn values_within_the_tolerance_agree_and_others_are_found() {
        let (pack, first) = (pack(), prepared([1.0, -2.0]));
        let mut quiet = proof();
        let last_bit = prepared([1.0 + f64::EPSILON, -2.0]);
        let compared = compare_expected(&pack, &first, &last_bit, &mut quiet);
        assert_eq!((compared.values, compared.identical), (2, 1));
        assert!(0.0 < compared.excess && compared.excess < 1e-6);
        assert!(quiet.findings.is_empty());

        for off in [-2.001, f64::NAN, f64::INFINITY] {
            let mut told = proof();
            let compared = compare_expected(&pack, &first, &prepared([1.0, off]), &mut told);
            let excess = compared.excess;
            assert!(excess > 1.0 && excess.is_finite(), "{off}: {excess}");
            let [finding] = &told.findings[..] else {
                panic!("{:?}", told.findings);
            };
            assert_eq!(finding.found, Found::DeviceExpectedDiffers { excess });
            assert_eq!(finding.place, "reference.py");
            assert!(!told.is_proved());
        }
    }

    #[test]
    fn another_verdict_score_or_diagnosis_on_another_device_is_found() {
        let pack = pack();
        let example = &pack.submissions[0];
        let outcome = |verdict, points, misconceptions: &[&str]| Outcome {
            verdict,
            score: Score::from_points(points),
            misconceptions: (misconceptions.iter())
                .map(|name| name.parse().expect("a name"))
                .collect(),
            flaws: Vec::new(),
        };
        let first = outcome(Verdict::WrongAnswer, 40, &["kernel_flipped"]);
        let mut quiet = proof();
        assert!(compare_outcomes(
            example,
            "cuda",
            first.clone(),
            first.clone(),
            &mut quiet
        ));
        assert!(quiet.findings.is_empty());

        for other in [
            outcome(Verdict::Accepted, 40, &["kernel_flipped"]),
            outcome(Verdict::WrongAnswer, 39, &["kernel_flipped"]),
            outcome(Verdict::WrongAnswer, 40, &[]),
        ] {
            let mut told = proof();
            assert!(!compare_outcomes(
                example,
                "cuda",
                first.clone(),
                other.clone(),
                &mut told
            ));
            let [finding] = &told.findings[..] else {
                panic!("{:?}", told.findings);
            };
            let found = Found::DeviceVerdictDiffers {
                device: "cuda".into(),
                expected: first.clone(),
                got: other,
            };
            assert_eq!(finding.found, found);
            assert_eq!(finding.place, place(example));
            assert!(!told.is_proved());
        }
    }
}
