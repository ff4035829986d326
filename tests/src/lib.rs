//! What the end-to-end tests and the measuring binary stand on: finding the
//! binaries and packs, talking to a supervisor, running a server of one's own.
//!
//! Nothing here replaces a part of Gradien: the binaries are the ones that a
//! user runs, and only the loopback network is used.

pub mod binaries;
pub mod browser;
pub mod packs;
pub mod processes;
pub mod proofs;
pub mod server;
pub mod student;
pub mod supervisor;
