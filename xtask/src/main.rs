//! Developer commands, as `cargo xtask …`.

mod cache;
mod checksum;
mod debian;
mod pip;
mod process;
mod progress;
mod setup;

fn main() {}
