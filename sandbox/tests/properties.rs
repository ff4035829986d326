//! The bodies of the fuzz targets as property tests: any bytes, and valid ones with a
//! few of them changed, which reach further. `PROPTEST_CASES` says how many.

#![cfg(feature = "engine")]

#[path = "../fuzz/bodies.rs"]
mod bodies;

use gradien_sandbox::array::{Array, Named, Value};
use gradien_sandbox::frame::encode_frame;
use gradien_sandbox::job::{Again, Call, Container, Job, Limits, Module, Outcome, Output, Status};
use proptest::prelude::*;

fn job() -> Vec<u8> {
    let arg = |value: Value| Named {
        name: "x".into(),
        value,
    };
    let job = Job {
        modules: vec![Module {
            name: "solution".into(),
            filename: "solution.py".into(),
            source: "def f(x):\n    return x".into(),
        }],
        call: Some(Call {
            module: "solution".into(),
            function: "f".into(),
            args: vec![
                arg(Array::from_f64(&[2, 2], &[0.0, -1.5, f64::NAN, 1e300]).into()),
                arg(Array::from_bool(&[3], &[true, false, true]).into()),
                arg(Value::Json(serde_json::json!({"a": [1, null, "é", 2.5]}))),
            ],
        }),
        seed: u64::MAX,
        limits: Limits::default(),
        again: vec![Again {
            args: vec![arg(Array::from_i64(&[1], &[i64::MIN]).into())],
            seed: 3,
        }],
    };
    encode_frame(&job).expect("a frame")
}

fn outcome() -> Vec<u8> {
    let outcome = Outcome {
        outputs: vec![Output {
            key: Some("h".into()),
            value: Array::from_i32(&[1, 3], &[1, 2, 3]).into(),
            type_name: "ndarray".into(),
        }],
        container: Container::Dict,
        stdout: b"printed".to_vec(),
        ..Outcome::of_status(Status::Ok)
    };
    encode_frame(&outcome).expect("a frame")
}

fn array() -> Vec<u8> {
    encode_frame(&Array::from_f64(&[2, 1, 2], &[1.0, 2.0, 3.0, 4.0])).expect("a frame")
}

fn response() -> Vec<u8> {
    let header = r#"{"status":"ok","container":"tuple","outputs":[
        {"value":{"kind":"array","dtype":"<f8","shape":[2],"offset":0,"pytype":"ndarray"}},
        {"value":{"kind":"array","dtype":"|b1","shape":[1,3],"offset":16}},
        {"value":{"kind":"json","json":[1,{"a":null}],"pytype":"list"}}]}"#;
    let length = (header.len() as u32).to_le_bytes();
    [&length, header.as_bytes(), &[7; 24]].concat()
}

/// One of the valid forms with up to four of its bytes changed and its end cut, or any
/// bytes.
fn damaged(valid: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = valid.len();
    let change = (0..length, any::<u8>());
    let changed = (prop::collection::vec(change, 0..4), 0..=length.min(40)).prop_map(
        move |(changes, cut)| {
            let mut bytes = valid.clone();
            for (position, byte) in changes {
                bytes[position] = byte;
            }
            // Half of them stay whole.
            bytes.truncate(length - cut.saturating_sub(20));
            bytes
        },
    );
    prop_oneof![4 => changed, 1 => prop::collection::vec(any::<u8>(), 0..600)]
}

proptest! {
    #[test]
    fn jobs_of_any_bytes(bytes in damaged(job())) {
        bodies::frames(&bytes);
    }

    #[test]
    fn outcomes_of_any_bytes(bytes in damaged(outcome())) {
        bodies::frames(&bytes);
    }

    #[test]
    fn arrays_of_any_bytes(bytes in damaged(array())) {
        bodies::arrays(&bytes);
    }

    #[test]
    fn responses_of_any_bytes(bytes in damaged(response())) {
        bodies::responses(&bytes);
    }
}

/// What the damage is done to is sound, or the tests above would say little.
#[test]
fn valid_forms_are_read() {
    use gradien_sandbox::engine::read_response;
    let read = read_response(&response(), 1 << 20);
    assert_eq!((read.status, read.outputs.len()), (Status::Ok, 3));
    for bytes in [job(), outcome(), array()] {
        bodies::frames(&bytes);
        bodies::arrays(&bytes);
    }
}
