//! What scripts talk to: JSON in, JSON or an event stream out.

pub mod draft;
pub mod events;
pub mod live;
pub mod rejudges;
pub mod run;
pub mod uploads;
