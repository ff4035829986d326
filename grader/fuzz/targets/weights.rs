#![no_main]

#[path = "../weights.rs"]
mod body;
#[path = "../../reference/src/model/header.rs"]
mod header;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| body::weights(bytes));
