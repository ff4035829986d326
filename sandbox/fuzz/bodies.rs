//! What must hold for any bytes at all, shared by the fuzz targets and the property
//! tests. A body panics where it does not hold.

use gradien_sandbox::array::{Array, Value};
use gradien_sandbox::engine::read_response;
use gradien_sandbox::frame::{encode_frame, read_frame};
use gradien_sandbox::job::{Job, Outcome, Output, Status};

/// More than the bytes that are tried, so that the cap is not all that is tested.
const MAX_BYTES: usize = 1 << 20;

/// The runner's protocol, both ways: what is read is whole, and reads back the same.
pub fn frames(bytes: &[u8]) {
    if let Ok(job) = read_frame::<Job>(&mut &*bytes, MAX_BYTES) {
        for argument in job.call.iter().flat_map(|call| &call.args) {
            check(&argument.value);
        }
        again(&job);
    }
    if let Ok(outcome) = read_frame::<Outcome>(&mut &*bytes, MAX_BYTES) {
        outputs(&outcome.outputs);
        again(&outcome);
    }
}

/// An array with its own idea of shape and type.
pub fn arrays(bytes: &[u8]) {
    if let Ok(array) = read_frame::<Array>(&mut &*bytes, MAX_BYTES) {
        check(&Value::Array(array.clone()));
        assert_eq!(array.to_f64_vec().len(), array.count());
        again(&array);
    }
}

/// What a guest answers, with more result bytes allowed than there are and with few.
pub fn responses(bytes: &[u8]) {
    for max_result_bytes in [0, 64, MAX_BYTES as u64] {
        let response = read_response(bytes, max_result_bytes);
        assert!(
            !matches!(response.status, Status::SandboxFault { .. }),
            "what a guest says is never our fault"
        );
        if response.status != Status::Ok {
            assert!(response.outputs.is_empty());
        }
        outputs(&response.outputs);
        let sizes = response.outputs.iter().map(|output| match &output.value {
            Value::Array(array) => array.data.len(),
            Value::Json(_) => 0,
        });
        assert!(
            sizes.sum::<usize>() <= bytes.len(),
            "much was made of little"
        );
    }
}

fn outputs(outputs: &[Output]) {
    outputs.iter().for_each(|output| check(&output.value));
}

fn check(value: &Value) {
    if let Value::Array(array) = value {
        assert_eq!(array.check(), Ok(()));
    }
}

/// Encoded, decoded and encoded again, the bytes are the same (NaNs are not equal, so
/// values cannot be compared).
fn again<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) {
    let once = encode_frame(value).expect("what was read can be written");
    let back: T = read_frame(&mut once.as_slice(), usize::MAX).expect("and read again");
    assert_eq!(encode_frame(&back).expect("and written again"), once);
}
