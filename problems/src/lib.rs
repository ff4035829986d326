//! The vocabulary of Gradien's domain and the format of problem packs.
//!
//! Everything here is pure: the only I/O is reading a pack folder ([`pack::Pack::load`]).
//! Nothing here runs code, talks to a database or knows of the web.
//!
//! - [`pack`]: a pack folder becomes a checked [`pack::Pack`], or an error that
//!   names file, line and what was expected.
//! - [`answer`]: what a student types for a hand computation becomes numbers.
//! - [`architecture`]: a network as a list of layers: shapes, parameters, cost.
//! - [`given`]: the numbers of a task, and their places in its texts.
//! - [`report`]: what a judgement found; [`message`] says it in two languages.
//! - [`texts`]: Markdown with LaTeX, and what in it cannot be read.
//! - [`proof`]: what `pack verify` finds out about a pack.
//! - [`protocol`]: what a worker and a grader supervisor say to each other.

pub mod answer;
pub mod architecture;
pub mod given;
pub mod ids;
pub mod language;
pub mod message;
pub mod pack;
pub mod proof;
pub mod protocol;
pub mod report;
pub mod score;
pub mod shown;
pub mod steps;
pub mod texts;
pub mod verdict;

pub use ids::{BlobHash, FieldName, PackHash, PackSlug, SubtaskName};
pub use language::{Language, Localized};
pub use message::Message;
pub use pack::{Pack, PackError};
pub use proof::Proof;
pub use report::Report;
pub use score::Score;
pub use verdict::Verdict;
