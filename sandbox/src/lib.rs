//! Runs one untrusted program under limits and reports what happened.
//!
//! The crate knows nothing of problems, users or verdicts: it is given modules of
//! Python source, one call with typed arguments, and limits; it gives back raw
//! arrays and a [`job::Status`].

pub mod array;
pub mod frame;
pub mod job;
