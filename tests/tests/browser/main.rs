//! Gradien as people meet it: in Chromium, with mouse, keyboard and clipboard,
//! with and without JavaScript, on a phone and on a projector.

mod author;
mod coach;
mod draft;
mod files;
mod keyboard;
mod look;
mod model;
mod seeing;
mod solve;
mod steps;
mod trace;
mod variants;
mod without_javascript;
