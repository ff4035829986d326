//! Runs one untrusted program under limits and reports what happened.
//!
//! The crate knows nothing of problems, users or verdicts: it is given modules of
//! Python source, one call with typed arguments, and limits; it gives back raw
//! arrays and a [`job::Status`].
//!
//! Two walls stand round a program. The first is WebAssembly ([`engine`], behind the
//! feature of that name): no file, no socket, no clock. The second is the runner's
//! own process, which drops what it does not need before it reads a job
//! ([`lockdown`]). Callers hold a [`client::Runner`].

pub mod array;
pub mod child;
pub mod client;
pub mod deadline;
#[cfg(feature = "engine")]
pub mod engine;
pub mod frame;
pub mod job;
pub mod lockdown;
pub mod syntax;
