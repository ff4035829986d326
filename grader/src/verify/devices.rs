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
use gradien_problems::pack::Kind;
use gradien_problems::proof::{Calibration, DeviceComparison, Found, Proof};
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
    let excess = right_excess(pack, &other.prepared.subtasks, &first.prepared);
    let excess = excess.min(Calibration::MAX_EXCESS);
    if excess > 1.0 {
        proof.find("reference.py", Found::DeviceExpectedDiffers { excess });
    }
    let (values, identical) = count_values(&first.prepared, &other.prepared);
    let device = device_of(pack, other)?;
    let mut agreeing = 0;
    for example in &pack.submissions {
        steps.now(&format!("{device}: {}", example.path));
        let before = proof.examples.iter().find(|one| one.path == example.path);
        let before = before.map(|one| one.got.clone());
        let after = report_on(pack, other, example, blobs)?;
        let after = after.ok().map(|report| outcome(&pack.kind, &report));
        match (before, after) {
            (Some(before), Some(after)) if before != after => {
                let device = device.clone();
                let found = Found::DeviceVerdictDiffers {
                    device,
                    expected: before,
                    got: after,
                };
                proof.find(place(example), found);
            }
            (Some(_), Some(_)) => agreeing += 1,
            // That it cannot be judged at all was told.
            _ => {}
        }
        steps.done();
    }
    proof.devices = Some(DeviceComparison {
        devices: vec![device_of(pack, first)?, device],
        values,
        excess,
        identical,
        examples: pack.submissions.len() as u32,
        agreeing,
    });
    Ok(())
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
