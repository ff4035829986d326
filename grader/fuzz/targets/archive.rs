#![no_main]

use gradien_grader::{archive, inspect, model, reference};

#[allow(dead_code, reason = "each target runs one body")]
#[path = "../bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| bodies::archive(bytes));
