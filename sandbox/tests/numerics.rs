//! What NumPy computes in the guest, against exact values: programs in Python, which
//! count what is wrong.

mod setup;

use gradien_sandbox::array::Value;
use gradien_sandbox::job::{Limits, Status};
use setup::{call, find_runner};
use std::collections::BTreeMap;

/// Calls `check` of a program; whatever it returns as text.
fn find_report(source: &str) -> Option<String> {
    let mut runner = find_runner()?;
    let limits = Limits {
        fuel: 20_000_000_000,
        ..Limits::default()
    };
    let outcome = runner
        .run(&call(source, "check", vec![], limits))
        .expect("an outcome");
    assert_eq!(outcome.status, Status::Ok, "{}", outcome.stderr_lossy());
    match outcome
        .outputs
        .into_iter()
        .next()
        .map(|output| output.value)
    {
        Some(Value::Json(serde_json::Value::String(text))) => Some(text),
        other => panic!("no text but {other:?}"),
    }
}

/// In this order: bits of exp, log of special values, log within 0.85 and tanh within 1.8
/// units in the last place, tanh of special values, same result anywhere in an array, float32, the loops that
/// the compiler made vectors of.
#[test]
fn elementary_functions_are_exact_enough() {
    let Some(report) = find_report(include_str!("numerics/elementary.py")) else {
        return;
    };
    assert_eq!(report, "[0, 0, True, True, 0, 0, 0, []]");
}

/// Whatever a seed gives is the same everywhere, bit for bit. The rest comes from other
/// code than a laptop's (a small LAPACK, another libc, sums in another order), and agrees
/// to a small part of the largest number in a result.
#[test]
fn values_agree_with_native_numpy() {
    const TOLERANCE: f64 = 3e-14;
    let Some(report) = find_report(include_str!("numerics/values.py")) else {
        return;
    };
    let read = |text: &str| -> BTreeMap<String, Vec<f64>> {
        serde_json::from_str(text).expect("numbers by name")
    };
    let found = read(&report);
    let native = read(include_str!("numerics/values.json"));
    assert!(found.keys().eq(native.keys()));
    for (name, expected) in &native {
        let values = &found[name];
        if name.starts_with("random ") {
            assert_eq!(values, expected, "{name}");
            continue;
        }
        assert_eq!(values.len(), expected.len(), "{name}");
        let largest = expected.iter().fold(0.0_f64, |most, x| most.max(x.abs()));
        for (value, wanted) in values.iter().zip(expected) {
            let near = (value - wanted).abs() <= TOLERANCE * largest;
            assert!(near, "{name}: {value} instead of {wanted}");
        }
    }
}

#[test]
fn functions_take_the_arguments_that_they_are_called_with() {
    let Some(report) = find_report(include_str!("numerics/arguments.py")) else {
        return;
    };
    assert_eq!(
        report,
        "['_BoundArrayMethod', True, [True, False], (2.0,), True]"
    );
}

#[test]
fn modules_are_there_or_not_as_the_documents_say() {
    let Some(report) = find_report(include_str!("numerics/modules.py")) else {
        return;
    };
    let report: serde_json::Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(
        report,
        serde_json::json!({
            "missing": [], "unexpected": [], "date": "2025-07-01", "clock moves": true
        })
    );
}
