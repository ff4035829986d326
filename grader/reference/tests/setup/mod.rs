//! Starts the process and speaks the short way to it.
#![allow(dead_code, reason = "each test binary uses a part")]

use gradien_grader::reference::{
    Device, Evaluation, Fault, Precision, Reference, ReferenceConfig, ReferenceError, Returned,
    SourceFile,
};
use gradien_sandbox::array::{Array, Named, Value};
use std::time::Duration;

pub const DEADLINE: Duration = Duration::from_secs(60);

pub fn config() -> ReferenceConfig {
    ReferenceConfig::new(env!("CARGO_BIN_EXE_gradien-reference"))
}

pub fn start() -> Reference {
    Reference::start(config()).unwrap_or_else(|error| panic!("{error:?}"))
}

pub fn file(name: &str, text: &str) -> SourceFile {
    SourceFile {
        name: name.into(),
        text: text.into(),
    }
}

pub fn named(name: &str, array: Array) -> Named {
    Named {
        name: name.into(),
        value: array.into(),
    }
}

pub fn evaluation(unit: &str, function: &str, cases: Vec<Vec<Named>>) -> Evaluation {
    Evaluation {
        unit: unit.into(),
        function: function.into(),
        cases,
        device: Device::Cpu,
        precision: Precision::Double,
        batched: None,
    }
}

/// Compiles one file and calls one of its functions once.
pub fn call_one(
    reference: &mut Reference,
    text: &str,
    function: &str,
    arguments: Vec<Named>,
) -> Result<Returned, Fault> {
    let fault = |error: ReferenceError| match error {
        ReferenceError::Fault(fault) => fault,
        other => panic!("{other:?}"),
    };
    reference
        .compile("one", vec![file("reference.py", text)], DEADLINE)
        .map_err(fault)?;
    let asked = evaluation("one", function, vec![arguments]);
    let (mut cases, _) = reference.evaluate(asked, DEADLINE).map_err(fault)?;
    cases.pop().expect("one case")
}

/// The elements of the only output.
pub fn find_floats(returned: &Returned) -> Vec<f64> {
    match &returned.outputs[..] {
        [
            Named {
                value: Value::Array(array),
                ..
            },
        ] => array.to_f64_vec(),
        other => panic!("{other:?}"),
    }
}

/// Arguments of a GRU cell, from a small generator of our own.
pub fn gru_case(seed: usize, inputs: usize, hidden: usize) -> Vec<Named> {
    let mut state = seed as u64 * 2 + 1;
    let mut array = |shape: &[usize]| {
        let count = shape.iter().product();
        let values: Vec<f64> = (0..count)
            .map(|_| {
                state = state
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                (state >> 11) as f64 / (1u64 << 53) as f64 * 2.0 - 1.0
            })
            .collect();
        Array::from_f64(shape, &values)
    };
    let matrix = [hidden, hidden + inputs];
    vec![
        named("x", array(&[inputs])),
        named("h", array(&[hidden])),
        named("W_z", array(&matrix)),
        named("W_r", array(&matrix)),
        named("W_h", array(&matrix)),
        named("b_z", array(&[hidden])),
        named("b_r", array(&[hidden])),
        named("b_h", array(&[hidden])),
    ]
}

/// The module's formulas (section 5.6), written out:
/// z = σ(W_z·[h, x] + b_z), r = σ(W_r·[h, x] + b_r),
/// h̃ = tanh(W_h·[r⊙h, x] + b_h), h' = (1 − z)⊙h + z⊙h̃.
pub fn gru_cell(case: &[Named]) -> Vec<f64> {
    let values = |i: usize| match &case[i].value {
        Value::Array(array) => array.to_f64_vec(),
        Value::Json(_) => panic!("an array"),
    };
    let (x, h) = (values(0), values(1));
    let affine = |weights: usize, bias: usize, v: &[f64]| -> Vec<f64> {
        let (weights, bias) = (values(weights), values(bias));
        let row = |i: usize| -> f64 {
            weights[i * v.len()..(i + 1) * v.len()]
                .iter()
                .zip(v)
                .map(|(w, v)| w * v)
                .sum()
        };
        (0..bias.len()).map(|i| row(i) + bias[i]).collect()
    };
    let sigmoid =
        |v: Vec<f64>| -> Vec<f64> { v.into_iter().map(|v| 1.0 / (1.0 + (-v).exp())).collect() };
    let joined: Vec<f64> = h.iter().chain(&x).copied().collect();
    let z = sigmoid(affine(2, 5, &joined));
    let r = sigmoid(affine(3, 6, &joined));
    let reset: Vec<f64> = r
        .iter()
        .zip(&h)
        .map(|(r, h)| r * h)
        .chain(x.iter().copied())
        .collect();
    let candidate = affine(4, 7, &reset);
    (0..h.len())
        .map(|i| (1.0 - z[i]) * h[i] + z[i] * candidate[i].tanh())
        .collect()
}

/// One argument: a vector of three.
pub fn x() -> Vec<Named> {
    vec![named("x", Array::from_f64(&[3], &[1.0, 2.0, 3.0]))]
}
