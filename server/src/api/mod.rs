//! What scripts talk to: JSON in, JSON or an event stream out.

pub mod draft;
pub mod events;
pub mod run;
