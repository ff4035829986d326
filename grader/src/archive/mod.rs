//! Packs in zip archives: making one, and taking one in from a stranger.
//!
//! Theory of operation. An archive is foreign bytes, so the process that was asked
//! for the import reads none of it. It makes an empty folder with a random name
//! beside the place where the pack shall lie, and starts itself anew as
//! `gradien-grader unpack`, with the open archive as standard input. That child
//! locks itself ([`Policy::Unpack`]: it can write below that folder and do
//! nothing else), unpacks, loads the pack as a check, and prints what it found.
//! Only then does the parent move the folder to its place, in one step; in every
//! other case it removes the folder. So nothing is ever half-installed, and a
//! fault in the unpacking can spoil one empty folder.
//!
//! [`Policy::Unpack`]: gradien_sandbox::lockdown::Policy::Unpack

mod child;
mod export;
mod import;
mod plan;
mod unpack;

pub use child::serve_unpack;
pub use export::{export, write_archive};
pub use import::{ImportRequest, import};
pub use unpack::{UnpackError, unpack};
