//! The reference process as its caller sees it: what is said on the wire
//! ([`wire`]), what can go wrong in a pack's text ([`fault`]), and a blocking
//! [`client`] that starts the process, keeps its deadlines and starts it anew
//! after a death.
//!
//! The process itself is the package `gradien-reference`, the only one that
//! links libtorch.

pub mod client;
pub mod fault;
pub(crate) mod process;
pub mod wire;

pub use client::{Reference, ReferenceConfig, ReferenceError};
pub use fault::{Fault, FaultKind};
pub use wire::{
    Batching, CheckCase, Checked, Device, Evaluation, Hello, Parameter, Precision, Returned,
    Signature, SourceFile,
};
