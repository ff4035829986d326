//! What must be on the machine before Gradien can be built, served and tested.

pub mod chromium;
pub mod node;
pub mod web;
