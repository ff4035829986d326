//! The host's kernels as a guest calls them: what they cost, that they reach nothing but
//! the guest's memory, and that no numbers at all make a fault of ours. What they compute
//! is tested where it is written, in `sandbox/kernels`.

#![cfg(feature = "engine")]

mod modules;

use gradien_sandbox::job::{Limits, Outcome, Status};
use modules::{LIMITS, module, run_with};
use proptest::prelude::*;

const PRODUCT: &str = "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32";
const ROW: &str = "i32 i32 i32 i32 i32";
const KERNELS: [(&str, &str); 8] = [
    ("product_f64", PRODUCT),
    ("product_f32", PRODUCT),
    ("exp_f64", ROW),
    ("exp_f32", ROW),
    ("log_f64", ROW),
    ("log_f32", ROW),
    ("tanh_f64", ROW),
    ("tanh_f32", ROW),
];

/// Calls the kernel so many times with the numbers; the memory has 1 MiB.
fn call(kernel: usize, numbers: &[i64], times: usize, limits: Limits) -> Outcome {
    let (name, parameters) = KERNELS[kernel];
    let import =
        format!(r#"(import "gradien_kernels" "{name}" (func $kernel (param {parameters})))"#);
    let count = parameters.split(' ').count();
    let pushes: String = numbers[..count]
        .iter()
        .map(|number| format!("i32.const {} ", *number as i32))
        .collect();
    let body = format!("{pushes} call $kernel ").repeat(times) + "i64.const 0";
    run_with(&module(&import, "", &body), limits)
}

/// The fuel of one call: what two take more than one, less the operators of the call.
fn cost(kernel: usize, numbers: &[i64]) -> u64 {
    let fuel = |times| {
        let outcome = call(kernel, numbers, times, LIMITS);
        assert!(
            matches!(outcome.status, Status::BadReturn { .. }),
            "{:?}",
            outcome.status
        );
        outcome.fuel
    };
    let operators = KERNELS[kernel].1.split(' ').count() as u64 + 1;
    fuel(2) - fuel(1) - operators
}

/// `docs/sandbox.md` states these formulas.
#[test]
fn kernels_are_charged_by_their_formulas() {
    // The steps of A, from row to row and from column to column, are its own.
    let product = |rows, columns, depth, a_row, a_column| {
        [
            rows, columns, depth, 0, a_row, a_column, 0, columns, 1, 524_288, columns, 1,
        ]
    };
    let elements = 4 * (10 * 30 + 30 * 20 + 10 * 20);
    let f64_work = 200 + 10 * 30 * 24 + elements;
    assert_eq!(cost(0, &product(10, 20, 30, 30, 1)), f64_work + 64 * 3);
    assert_eq!(cost(0, &product(10, 20, 30, 1, 10)), f64_work + 64 * 3);
    assert_eq!(
        cost(0, &product(10, 20, 30, 40, 1)),
        f64_work + 64 * (10 + 2)
    );
    assert_eq!(
        cost(0, &product(10, 20, 30, 1, 40)),
        f64_work + 64 * (30 + 2)
    );
    assert_eq!(
        cost(0, &product(10, 20, 30, 2, 7)),
        f64_work + 64 * (300 + 2)
    );
    let f32_work = 200 + 10 * 30 * 16 + elements;
    assert_eq!(cost(1, &product(10, 20, 30, 30, 1)), f32_work + 64 * 3);
    assert_eq!(cost(0, &product(0, 0, 0, 0, 0)), 200);
    for kernel in 2..KERNELS.len() {
        assert_eq!(cost(kernel, &[0, 8, 0, 8, 1000]), 200 + 32_000);
    }
}

/// Matrices that are one element, as large as they can be called: the work must be paid
/// for before it is done.
#[test]
fn work_beyond_the_fuel_is_not_begun() {
    let begun = std::time::Instant::now();
    for size in [-1, 1 << 20, 4096] {
        let outcome = call(0, &[size, size, size, 0, 0, 0, 0, 0, 0, 0, 0, 0], 1, LIMITS);
        assert_eq!(outcome.status, Status::OutOfFuel);
    }
    for kernel in 2..KERNELS.len() {
        let outcome = call(kernel, &[0, 0, 0, 0, -1], 1, LIMITS);
        assert_eq!(outcome.status, Status::OutOfFuel);
    }
    assert!(begun.elapsed().as_secs() < 10);
}

#[test]
fn views_outside_of_the_memory_are_traps() {
    let plenty = Limits {
        fuel: 1 << 50,
        ..LIMITS
    };
    let outside = [
        (0, vec![1, 1, 1, 1 << 20, 0, 0, 0, 0, 0, 0, 0, 0]),
        (0, vec![1, 1, 1, 0, 0, 0, 0, 0, 0, -1, 0, 0]),
        (0, vec![2, 1, 1, 0, -1, 0, 0, 0, 0, 0, 0, 0]),
        (1, vec![1, 2, 1, 0, 0, 0, 0, 0, 0, (1 << 20) - 7, 0, 1]),
        (2, vec![0, 8, 8, -8, 3]),
        (3, vec![0, i64::from(i32::MAX), 0, 0, 3]),
        (4, vec![(1 << 20) - 7, 0, 0, 0, 1]),
        (7, vec![0, 0, 1 << 20, 4, 1]),
    ];
    for (kernel, numbers) in outside {
        let outcome = call(kernel, &numbers, 1, plenty);
        let Status::Exception(exception) = &outcome.status else {
            panic!("{numbers:?}: {:?}", outcome.status);
        };
        assert_eq!(exception.kind, "InterpreterCrash", "{numbers:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn wild_numbers_are_answered(
        kernel in 0..KERNELS.len(),
        numbers in prop::collection::vec(
            prop_oneof![
                4 => 0i64..8,
                2 => 0i64..2_000,
                1 => Just(-1),
                1 => Just(1 << 20),
                1 => Just((1 << 20) - 8),
                1 => any::<i64>(),
            ],
            12,
        ),
    ) {
        let outcome = call(kernel, &numbers, 1, LIMITS);
        // Nothing of this may be called ours.
        prop_assert!(!matches!(outcome.status, Status::SandboxFault { .. }), "{:?}", outcome.status);
        prop_assert!(outcome.fuel <= LIMITS.fuel);
    }
}
