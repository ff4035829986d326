//! Host functions for dense arithmetic: products of matrices, and exp, log and
//! tanh of arrays.
//!
//! Theory of operation. What `gradien-kernels` computes has the same bits on every
//! machine, and takes a fraction of the time that it takes in the guest, where vectors
//! have 128 bits and every turn of a loop counts fuel. NumPy's shims in the guest
//! (`sandbox/guest/cblas_real.h`, `elementary.c`) call these where there is enough to do.
//!
//! Fuel is taken before the work begins, from the numbers alone: [`CALL_FUEL`], and
//!
//! - for a product: [`Product::work_f64`] or [`Product::work_f32`], so one unit for the
//!   product of two float64;
//! - for the other functions: [`VALUE_FUEL`] for each value.
//!
//! A view that leaves the memory is a trap, like an access of the program's own.

use super::wasi::{charge_units, find_memory};
use gradien_kernels::{
    Matrix, OutOfBounds, Product, Row, exp_f32, exp_f64, log_f32, log_f64, product_f32,
    product_f64, tanh_f32, tanh_f64,
};
use wasmtime::{Caller, Linker, Result, Trap};

/// What the guest imports these functions from.
const MODULE: &str = "gradien_kernels";
const CALL_FUEL: u64 = 200;
const VALUE_FUEL: u64 = 32;

/// Twelve numbers in a row are told apart by their names only here.
#[expect(clippy::too_many_arguments, reason = "the guest passes them like this")]
fn product_of(
    rows: u32,
    columns: u32,
    depth: u32,
    a: u32,
    a_row: u32,
    a_column: u32,
    b: u32,
    b_row: u32,
    b_column: u32,
    c: u32,
    c_row: u32,
    c_column: u32,
) -> Product {
    let matrix = |start, row_step, column_step| Matrix {
        start,
        row_step,
        column_step,
    };
    Product {
        rows,
        columns,
        depth,
        a: matrix(a, a_row, a_column),
        b: matrix(b, b_row, b_column),
        c: matrix(c, c_row, c_column),
    }
}

/// Pays, and then works on the guest's memory.
fn work<T>(
    caller: &mut Caller<'_, T>,
    fuel: u64,
    kernel: impl FnOnce(&mut [u8]) -> Result<(), OutOfBounds>,
) -> Result<()> {
    charge_units(caller, fuel.saturating_add(CALL_FUEL))?;
    let memory = find_memory(caller)?;
    kernel(memory.data_mut(caller)).map_err(|OutOfBounds| Trap::MemoryOutOfBounds.into())
}

pub fn define<T: 'static>(linker: &mut Linker<T>) -> Result<()> {
    macro_rules! products {
        ($name:literal, $kernel:ident, $work:ident) => {
            linker.func_wrap(
                MODULE,
                $name,
                |mut caller: Caller<'_, T>,
                 rows: u32,
                 columns: u32,
                 depth: u32,
                 a: u32,
                 a_row: u32,
                 a_column: u32,
                 b: u32,
                 b_row: u32,
                 b_column: u32,
                 c: u32,
                 c_row: u32,
                 c_column: u32| {
                    let product = product_of(
                        rows, columns, depth, a, a_row, a_column, b, b_row, b_column, c, c_row,
                        c_column,
                    );
                    work(&mut caller, product.$work(), |memory| {
                        $kernel(memory, &product)
                    })
                },
            )?;
        };
    }
    products!("product_f64", product_f64, work_f64);
    products!("product_f32", product_f32, work_f32);
    macro_rules! elementary {
        ($name:literal, $kernel:ident) => {
            linker.func_wrap(
                MODULE,
                $name,
                |mut caller: Caller<'_, T>,
                 from: u32,
                 from_step: i32,
                 to: u32,
                 to_step: i32,
                 count: u32| {
                    let row = |start, step| Row { start, step };
                    work(&mut caller, u64::from(count) * VALUE_FUEL, |memory| {
                        $kernel(memory, row(from, from_step), row(to, to_step), count)
                    })
                },
            )?;
        };
    }
    elementary!("exp_f64", exp_f64);
    elementary!("exp_f32", exp_f32);
    elementary!("log_f64", log_f64);
    elementary!("log_f32", log_f32);
    elementary!("tanh_f64", tanh_f64);
    elementary!("tanh_f32", tanh_f32);
    Ok(())
}
