//! Turns a pack and a submission into a report.
//!
//! A supervisor ([`supervise`]) is asked one thing at a time. It draws a pack's
//! inputs, has the reference process compute what they should give — once per
//! pack version, kept by [`prepare`] — sends a runner the inputs alone, compares
//! what comes back ([`compare`]) and folds cases to subtasks to a score
//! ([`judge`]). It starts its children itself and starts them anew when they die.
//!
//! No libtorch here: that is `gradien-reference`, another program.

pub mod archive;
pub mod blobs;
pub mod calibrate;
pub mod children;
pub mod compare;
mod error;
pub mod inspect;
pub mod json;
pub mod judge;
pub mod metrics;
pub mod model;
pub mod new;
pub mod prepare;
pub mod reference;
pub mod run;
pub mod show;
pub mod supervise;
mod temporary;
pub mod verify;

pub use error::GraderError;
