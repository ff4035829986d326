//! The arithmetic of the sandbox's host functions: products of matrices, and e^x, ln x
//! and tanh x of arrays, in a memory that belongs to a stranger.
//!
//! Theory of operation. Each function is given one memory as bytes, and views into it
//! as numbers that may be anything. What does not lie in the memory is an
//! [`OutOfBounds`] before the first byte is written; there is no other error and no
//! panic. Views may overlap each other and need not be aligned.
//!
//! The same memory and numbers give the same bytes on every processor. So nothing is
//! fused (a product is rounded before it is added), every sum has one order, the order
//! of reading and writing does not hang on the processor, and whatever becomes a NaN is
//! written as the one canonical NaN: which NaN an operation gives is the only thing in
//! this arithmetic that IEEE 754 leaves open. What a processor can do decides how many
//! columns are computed at once, and nothing else.
//!
//! The caller pays for the work before it is done: [`Product::work`] is known from the
//! numbers alone.

mod elementary;
mod exp;
mod log;
mod memory;
mod powers;
mod product;
mod tanh;

pub use elementary::{exp_f32, exp_f64, log_f32, log_f64, tanh_f32, tanh_f64};
pub use memory::{OutOfBounds, Row};
pub use product::{Matrix, Product, product_f32, product_f64};

#[cfg(test)]
mod tests;
