//! What NumPy computes in the guest, against exact values: programs in Python, which
//! count what is wrong.

mod setup;

use gradien_sandbox::array::Value;
use gradien_sandbox::job::{Limits, Status};
use setup::{call, find_runner};

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

/// In this order: bits of exp, bits of log, tanh within 2.5 units in the last place,
/// tanh of special values, same result anywhere in an array, float32, the loops that
/// the compiler made vectors of.
#[test]
fn elementary_functions_are_exact_enough() {
    let Some(report) = find_report(include_str!("numerics/elementary.py")) else {
        return;
    };
    assert_eq!(report, "[0, 0, True, 0, 0, 0, []]");
}
