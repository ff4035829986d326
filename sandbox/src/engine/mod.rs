//! The WebAssembly host: loads the guest image, runs one job in one fresh
//! instance, and reads what the guest says with distrust.
//!
//! Theory of operation. The guest is CPython with NumPy, initialised once and
//! snapshotted; its linear memory is mapped copy-on-write, so a fresh instance
//! costs microseconds and touches only the pages that the program writes. An
//! instance serves one job and is dropped: nothing passes from one job to the
//! next. A job may ask for several calls of one function; each has limits, output and
//! randomness of its own, and the first that ends in any other way than well is the
//! last. Three limits hold it: fuel, counted by the compiled code itself and the
//! same on every machine; a [`wasmtime::ResourceLimiter`] on linear memory; and,
//! far behind both, an epoch deadline on the wall clock. Every memory has a full
//! 4 GiB reservation with guard pages, so that compiled code needs no bounds
//! checks.
//!
//! What fuel counts. One unit for each WebAssembly operator but those that generate
//! no code, and one for each byte that `memory.copy`, `memory.fill` and `memory.init`
//! touch: the defaults of wasmtime 48, pinned by tests. Host functions charge one
//! unit for eight bytes that they move, those that compute what `kernels` says, and
//! `memory.grow` one for eight bytes that it gives, taken when the job ends. Not counted: the page faults of a first touch of
//! the snapshot's own pages, which its size bounds.

mod config;
mod guest;
mod instance;
mod kernels;
mod request;
mod response;
mod wasi;
mod watchdog;

pub use config::{HOST_STACK_BYTES, engine, sandbox_version};
pub use guest::{Guest, GuestError, compile};
pub use instance::{Executor, HostState, Limiter};
pub use response::{Response, read_response};
pub use wasi::{Files, HasWasi, Wasi};

use wasmtime::{Linker, Module, Result};

/// Defines all that a guest may import.
pub fn define<T: HasWasi>(linker: &mut Linker<T>, module: &Module) -> Result<()> {
    kernels::define(linker)?;
    wasi::define(linker, module)
}
