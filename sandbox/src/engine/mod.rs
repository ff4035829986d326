//! The WebAssembly host: loads the guest image, runs one job in one fresh
//! instance, and reads what the guest says with distrust.
//!
//! Theory of operation. The guest is CPython with NumPy, initialised once and
//! snapshotted; its linear memory is mapped copy-on-write, so a fresh instance
//! costs microseconds and touches only the pages that the program writes. An
//! instance serves one job and is dropped: nothing passes from one job to the
//! next. Three limits hold it: fuel, counted by the compiled code itself and the
//! same on every machine; a [`wasmtime::ResourceLimiter`] on linear memory; and,
//! far behind both, an epoch deadline on the wall clock. Every memory has a full
//! 4 GiB reservation with guard pages, so that compiled code needs no bounds
//! checks.

mod config;
mod guest;
mod instance;
mod response;
mod wasi;

pub use config::{engine, sandbox_version};
pub use guest::{Guest, GuestError, compile};
pub use instance::{Executor, HostState, Limiter};
pub use wasi::{Files, Wasi};
