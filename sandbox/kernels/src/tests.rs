//! Every kernel against a plain loop over single values, bit for bit, on memories and
//! views of every kind; and the paths for different processors against each other.

use crate::elementary::{Elementary, every, exp_f64, log_f64, tanh_f64};
use crate::exp::Exp;
use crate::log::Log;
use crate::memory::{Number, OutOfBounds, Row};
use crate::product::{Matrix, Product, portable_f32, portable_f64, product_f32, product_f64};
use crate::tanh::Tanh;
use proptest::prelude::*;

/// Numbers that go wrong most easily, among ordinary ones.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -4.0..4.0,
        1 => prop::sample::select(vec![
            0.0, -0.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, -f64::NAN, f64::MAX,
            f64::MIN_POSITIVE, 5e-324, -1e-310, 1e200, f64::from_bits(0x7ff0_0000_0000_0001),
        ]),
        1 => any::<u64>().prop_map(f64::from_bits),
    ]
}

/// Rows and columns that lie apart, side by side, the other way round, on each other.
fn matrix(rows: u32, columns: u32) -> impl Strategy<Value = (u32, u32)> {
    prop_oneof![
        (0..3u32).prop_map(move |more| (columns + more, 1)),
        (0..3u32).prop_map(move |more| (1, rows + more)),
        (0..9u32, 0..9u32),
        Just((0, 0)),
    ]
}

#[derive(Debug)]
struct Case {
    memory: Vec<f64>,
    /// Bytes before the first number, so that nothing is aligned.
    shift: usize,
    product: Product,
}

/// For numbers of `bytes` bytes each.
fn case(bytes: u32) -> impl Strategy<Value = Case> {
    let size = || prop_oneof![4 => 0..20u32, 2 => prop::sample::select(vec![8u32, 16, 24, 33])];
    let deep = prop_oneof![6 => 0..20u32, 1 => 250..530u32];
    let high = prop_oneof![6 => 0..20u32, 1 => 125..140u32];
    (high, size(), deep)
        .prop_flat_map(|(rows, columns, depth)| {
            let views = (
                matrix(rows, depth),
                matrix(depth, columns),
                matrix(rows, columns),
            );
            // Where the three begin, in quarters of the largest: mostly apart.
            let starts = prop_oneof![
                3 => Just([0, 4, 8]),
                1 => prop::array::uniform3(0..9u32),
            ];
            (Just((rows, columns, depth)), views, starts, 0..8usize)
        })
        .prop_flat_map(move |((rows, columns, depth), (a, b, c), starts, shift)| {
            let extent = |(row, column): (u32, u32), rows: u32, columns: u32| {
                row * rows.max(1) + column * columns.max(1)
            };
            let most = extent(a, rows, depth)
                .max(extent(b, depth, columns))
                .max(extent(c, rows, columns));
            let most = most.next_multiple_of(4);
            let length = (most * 3) as usize;
            // Repeated, where the memory is large: making numbers is what takes the time.
            prop::collection::vec(number(), length.min(400)).prop_map(move |some| {
                let memory: Vec<f64> = some.iter().copied().cycle().take(length).collect();
                let matrix = |(row_step, column_step), start: u32| Matrix {
                    start: shift as u32 + start * (most / 4) * bytes,
                    row_step,
                    column_step,
                };
                let product = Product {
                    rows,
                    columns,
                    depth,
                    a: matrix(a, starts[0]),
                    b: matrix(b, starts[1]),
                    c: matrix(c, starts[2]),
                };
                Case {
                    memory,
                    shift,
                    product,
                }
            })
        })
}

fn bytes<T: Number>(shift: usize, numbers: impl Iterator<Item = T>) -> Vec<u8> {
    let mut memory = vec![0xab; shift];
    for number in numbers {
        let mut own = vec![0; T::SIZE];
        number.write(&mut own);
        memory.extend(own);
    }
    memory
}

fn place<T: Number>(matrix: &Matrix, row: u32, column: u32) -> usize {
    let steps = row * matrix.row_step + column * matrix.column_step;
    matrix.start as usize + steps as usize * T::SIZE
}

/// One number after the other, from a copy of what was there before.
fn plain_product<T: Number>(memory: &mut [u8], product: &Product) {
    let before = memory.to_vec();
    let read = |at: usize| T::read(&before[at..at + T::SIZE]);
    let Product { a, b, c, .. } = product;
    for row in 0..product.rows {
        for column in 0..product.columns {
            let mut sum = T::default();
            for k in 0..product.depth {
                sum = sum + read(place::<T>(a, row, k)) * read(place::<T>(b, k, column));
            }
            let at = place::<T>(c, row, column);
            sum.canonical().write(&mut memory[at..at + T::SIZE]);
        }
    }
}

/// Whether C has no element twice and shares none with A and B: only then has a product
/// one meaning.
fn is_plain<T: Number>(product: &Product, length: usize) -> bool {
    let mut taken = vec![0u8; length];
    let mut mark = |matrix: &Matrix, rows: u32, columns: u32, with: u8| {
        let mut free = true;
        for row in 0..rows {
            for column in 0..columns {
                let at = place::<T>(matrix, row, column);
                for byte in &mut taken[at..at + T::SIZE] {
                    free &= *byte == 0 || *byte == with;
                    // C's own elements may not meet either.
                    *byte = if with == 2 { 3 } else { with };
                }
            }
        }
        free
    };
    let Product {
        rows,
        columns,
        depth,
        ..
    } = *product;
    mark(&product.a, rows, depth, 1);
    mark(&product.b, depth, columns, 1);
    mark(&product.c, rows, columns, 2)
}

fn check<T: Number>(
    mut memory: Vec<u8>,
    product: &Product,
    run: fn(&mut [u8], &Product) -> Result<(), OutOfBounds>,
    portable: fn(&mut [u8], &Product),
) -> Result<(), TestCaseError> {
    let before = memory.clone();
    let (mut expected, mut narrow) = (memory.clone(), memory.clone());
    if run(&mut memory, product).is_err() {
        // Out of bounds: nothing was touched.
        prop_assert_eq!(memory, before);
        return Ok(());
    }
    // Whatever overlaps, every processor does the same.
    portable(&mut narrow, product);
    prop_assert!(memory == narrow, "the processor shows");
    if is_plain::<T>(product, memory.len()) {
        plain_product::<T>(&mut expected, product);
        prop_assert!(memory == expected, "not the sums in order");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn products_of_float64(case in case(8)) {
        let memory = bytes(case.shift, case.memory.iter().copied());
        check::<f64>(memory, &case.product, product_f64, portable_f64)?;
    }

    #[test]
    fn products_of_float32(case in case(4)) {
        let memory = bytes(case.shift, case.memory.iter().map(|number| *number as f32));
        check::<f32>(memory, &case.product, product_f32, portable_f32)?;
    }

    /// Any numbers at all are answered, and paid for, without a panic.
    #[test]
    fn products_of_anything(
        counts in prop::array::uniform3(prop_oneof![0..40u32, any::<u32>()]),
        views in prop::array::uniform9(prop_oneof![0..64u32, any::<u32>()]),
    ) {
        let [rows, columns, depth] = counts;
        let matrix = |n: usize| Matrix {
            start: views[n],
            row_step: views[n + 1],
            column_step: views[n + 2],
        };
        let product = Product { rows, columns, depth, a: matrix(0), b: matrix(3), c: matrix(6) };
        prop_assert!(product.work_f32() <= product.work_f64());
        let exact = 4 * (u128::from(rows) * u128::from(columns));
        prop_assert!(u128::from(product.work_f32()) >= exact.min(u64::MAX.into()));
        // What would take long is what fuel stops.
        if product.work_f64() < 1 << 22 {
            let mut memory = vec![7; 4096];
            let _ = product_f64(&mut memory, &product);
            let _ = product_f32(&mut memory, &product);
        }
    }

    #[test]
    fn exponentials(
        numbers in prop::collection::vec(
            prop_oneof![4 => -30.0..30.0, 2 => -760.0..760.0, 1 => number()],
            0..70,
        ),
        shift in 0..8usize,
    ) {
        check_elementary::<Exp>(&numbers, shift, exp_f64, |x, y| is_near(y, x.exp(), 1))?;
    }

    #[test]
    fn logarithms(
        numbers in prop::collection::vec(
            prop_oneof![
                4 => 0.0..4.0,
                2 => 0.999..1.001,
                2 => (-1074..1024i32).prop_map(|k| 2f64.powi(k)),
                1 => 1e-320..1e-307,
                1 => number(),
            ],
            0..70,
        ),
        shift in 0..8usize,
    ) {
        check_elementary::<Log>(&numbers, shift, log_f64, |x, y| is_near(y, x.ln(), 1))?;
    }

    /// The reference has errors of 2 units itself.
    #[test]
    fn hyperbolic_tangents(
        numbers in prop::collection::vec(
            prop_oneof![
                4 => -1.0..1.0,
                2 => -22.0..22.0,
                2 => (-1074..8i32).prop_map(|k| -(2f64.powi(k))),
                1 => number(),
            ],
            0..70,
        ),
        shift in 0..8usize,
    ) {
        check_elementary::<Tanh>(&numbers, shift, tanh_f64, |x, y| is_near(y, x.tanh(), 4))?;
    }

    #[test]
    fn elementary_functions_of_anything(
        from in (prop_oneof![0..5000u32, any::<u32>()], prop_oneof![-9..9i32, any::<i32>()]),
        to in (prop_oneof![0..5000u32, any::<u32>()], prop_oneof![-9..9i32, any::<i32>()]),
        count in prop_oneof![0..600u32, any::<u32>()],
    ) {
        let (from, to) = (Row { start: from.0, step: from.1 }, Row { start: to.0, step: to.1 });
        let mut memory = vec![3; 4096];
        if count < 1 << 16 {
            let functions = [
                exp_f64, crate::exp_f32, log_f64, crate::log_f32, tanh_f64, crate::tanh_f32,
            ];
            for function in functions {
                let _ = function(&mut memory, from, to, count);
            }
        }
    }
}

type Run = fn(&mut [u8], Row, Row, u32) -> Result<(), OutOfBounds>;

/// However the numbers lie: every processor does the same, a number alone has the same
/// result, and that is a good one.
fn check_elementary<F: Elementary>(
    numbers: &[f64],
    shift: usize,
    run: Run,
    is_good: impl Fn(f64, f64) -> bool,
) -> Result<(), TestCaseError> {
    let count = numbers.len();
    let room = std::iter::repeat_n(1.5, 2 * count);
    let memory = bytes(shift, numbers.iter().copied().chain(room));
    let row = |start: usize, step: i32| Row {
        start: (shift + start * 8) as u32,
        step,
    };
    let last = count.saturating_sub(1);
    let views = [
        (row(0, 8), row(count, 8)),
        (row(0, 8), row(0, 8)),
        (row(last, -8), row(count, 8)),
        (row(0, 8), row(count, 16)),
        (row(0, 8), row(count + last, -8)),
    ];
    for (from, to) in views {
        let mut found = memory.clone();
        run(&mut found, from, to, count as u32).expect("inside");
        let mut narrow = memory.clone();
        every::<f64, F>(&mut narrow, from, to, count as u32);
        prop_assert!(found == narrow, "the processor shows");
        for n in 0..count {
            let at = |row: Row| (row.start as i64 + n as i64 * i64::from(row.step)) as usize;
            let x = f64::read(&memory[at(from)..at(from) + 8]);
            let y = f64::read(&found[at(to)..at(to) + 8]);
            prop_assert_eq!(alone(run, x).to_bits(), y.to_bits());
            prop_assert!(is_good(x, y), "{} of {}", y, x);
        }
    }
    Ok(())
}

fn alone(run: Run, x: f64) -> f64 {
    let mut memory = bytes(0, [x].into_iter());
    let row = Row { start: 0, step: 0 };
    run(&mut memory, row, row, 1).expect("inside");
    f64::read(&memory)
}

/// Within so many units in the last place; any NaN is like any other.
fn is_near(found: f64, expected: f64, units: u64) -> bool {
    if expected.is_nan() {
        return found.to_bits() == f64::NAN.to_bits();
    }
    found.to_bits().abs_diff(expected.to_bits()) <= units
}

/// The worst of 200,000 sampled numbers each, with the float64 that is nearest to the exact
/// result, which was computed with 120 bits. Steps in another order would show here first.
#[test]
fn the_worst_results_are_what_they_were() {
    let cases: [(Run, f64, f64, i64); 4] = [
        (
            log_f64,
            0.705_572_148_352_559_1,
            -0.348_746_247_358_063_87,
            1,
        ),
        (log_f64, 1.408_806_048_480_080_8, 0.342_742_571_546_748, 1),
        (tanh_f64, 0.271_572_401_309_118_4, 0.265_087_350_497_462, 2),
        (
            tanh_f64,
            0.323_748_919_755_127_43,
            0.312_892_770_426_678_73,
            2,
        ),
    ];
    for (run, x, exact, units) in cases {
        let found = alone(run, x).to_bits() as i64;
        assert_eq!(found - exact.to_bits() as i64, units, "{x}");
    }
}

#[test]
fn float32_is_float64_rounded_once() {
    let numbers = [
        0.1_f32,
        1.0,
        1.5,
        3.0e-45,
        2.0e38,
        -0.0,
        f32::INFINITY,
        -7.0,
        88.9,
    ];
    let pairs: [(Run, Run); 3] = [
        (exp_f64, crate::exp_f32),
        (log_f64, crate::log_f32),
        (tanh_f64, crate::tanh_f32),
    ];
    let all = Row { start: 0, step: 4 };
    for (wide, narrow) in pairs {
        let mut memory = bytes(0, numbers.into_iter());
        narrow(&mut memory, all, all, numbers.len() as u32).expect("inside");
        for (x, y) in numbers.iter().zip(memory.chunks_exact(4)) {
            let expected = (alone(wide, f64::from(*x)) as f32).canonical();
            assert_eq!(f32::read(y).to_bits(), expected.to_bits(), "{x}");
        }
    }
}

/// The cases that are computed apart.
#[test]
fn elementary_functions_at_the_ends() {
    const NAN: f64 = f64::NAN;
    let exp = [
        (0.0, 1.0),
        (-0.0, 1.0),
        (5e-324, 1.0),
        (f64::INFINITY, f64::INFINITY),
        (f64::NEG_INFINITY, 0.0),
        (f64::MAX, f64::INFINITY),
        (f64::MIN, 0.0),
        (709.782_712_893_384, 1.797_693_134_862_273_2e308),
        (709.782_712_893_385, f64::INFINITY),
        (-745.133_219_101_941_1, 5e-324),
        (-745.133_219_101_941_2, 0.0),
        (1.0, std::f64::consts::E),
    ];
    let log = [
        (1.0, 0.0),
        (0.0, f64::NEG_INFINITY),
        (-0.0, f64::NEG_INFINITY),
        (f64::INFINITY, f64::INFINITY),
        (f64::NEG_INFINITY, NAN),
        (-1.0, NAN),
        (-5e-324, NAN),
        (5e-324, -744.440_071_921_381_2),
        (f64::MIN_POSITIVE, -708.396_418_532_264_1),
        (f64::MAX, 709.782_712_893_384),
        (2.0, std::f64::consts::LN_2),
        (10.0, std::f64::consts::LN_10),
    ];
    let tanh = [
        (0.0, 0.0),
        (-0.0, -0.0),
        (5e-324, 5e-324),
        (-f64::MIN_POSITIVE, -f64::MIN_POSITIVE),
        (1e-300, 1e-300),
        (19.9, 1.0),
        (-20.1, -1.0),
        (f64::MAX, 1.0),
        (f64::INFINITY, 1.0),
        (f64::NEG_INFINITY, -1.0),
    ];
    let cases: [(Run, &[(f64, f64)]); 3] = [(exp_f64, &exp), (log_f64, &log), (tanh_f64, &tanh)];
    for (run, cases) in cases {
        for (x, expected) in cases {
            assert_eq!(alone(run, *x).to_bits(), expected.to_bits(), "{x}");
        }
        let nan = alone(run, f64::from_bits(0xfff0_0000_dead_beef));
        assert_eq!(nan.to_bits(), 0x7ff8_0000_0000_0000);
    }
}

#[test]
fn views_end_with_the_memory() {
    let whole = |start, rows, columns| Product {
        rows,
        columns,
        depth: 1,
        a: Matrix {
            start: 0,
            row_step: 0,
            column_step: 0,
        },
        b: Matrix {
            start: 0,
            row_step: 0,
            column_step: 0,
        },
        c: Matrix {
            start,
            row_step: columns,
            column_step: 1,
        },
    };
    let mut memory = vec![0; 8 * 12];
    assert_eq!(product_f64(&mut memory, &whole(0, 3, 4)), Ok(()));
    assert_eq!(product_f64(&mut memory, &whole(1, 3, 4)), Err(OutOfBounds));
    assert_eq!(product_f64(&mut memory, &whole(0, 3, 5)), Err(OutOfBounds));
    assert_eq!(product_f64(&mut memory, &whole(u32::MAX, 0, 4)), Ok(()));
    let row = |start, step| Row { start, step };
    assert_eq!(exp_f64(&mut memory, row(88, -8), row(0, 8), 12), Ok(()));
    assert_eq!(
        exp_f64(&mut memory, row(88, -8), row(0, 8), 13),
        Err(OutOfBounds)
    );
    assert_eq!(
        exp_f64(&mut memory, row(0, 0), row(89, 0), 1),
        Err(OutOfBounds)
    );
    assert_eq!(exp_f64(&mut memory, row(u32::MAX, 1), row(0, 0), 0), Ok(()));
}
