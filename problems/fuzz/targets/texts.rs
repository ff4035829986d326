#![no_main]

#[allow(dead_code, reason = "each target runs one body")]
#[path = "../bodies.rs"]
mod bodies;

libfuzzer_sys::fuzz_target!(
    // A panic of the converter is caught and is no finding; one of the body still is.
    init: std::panic::set_hook(Box::new(|_| {})),
    |bytes: &[u8]| bodies::texts(bytes)
);
