//! Foreign files: what they hold as plain values, or everything that is wrong
//! with them.
//!
//! Theory of operation. A file that somebody hands in is hostile until it is
//! columns of numbers. So no process that knows anything parses it: for every
//! file the supervisor starts `gradien-inspect` ([`client`]), which locks itself
//! (no file, no socket, no program, no more than the memory it needs), reads one
//! [`Request`], answers with one [`Reply`] and ends. One process sees one file,
//! so that whoever breaks a parser meets no file of anybody else's — nor the
//! labels of a pack, which are read in the same way, by a process of their own.
//!
//! A parser here never stops at the first fault that it can go on after:
//! [`Faults`] keeps the first so many in full and counts the rest. What bounds
//! each: the size of the file, which its caller caps; rows and columns of a
//! table; entries and unpacked bytes of an archive; what a header may claim is
//! compared with the bytes that are there before anything is allocated.

pub mod client;
mod csv;
mod faults;
mod magic;
mod notebook;
mod npy;
mod npz;
#[cfg(test)]
mod properties;
mod table;
mod wire;

pub use client::{InspectConfig, InspectError, inspect};
pub use faults::{Faults, MAX_LISTED};
pub use wire::{Cell, ColumnSpec, Hello, Reply, Request, Table, TableSpec, Values};

use gradien_problems::pack::TableFormat;
use gradien_sandbox::frame::{FrameError, read_frame, write_frame};
use std::io::{Read, Write};

/// More than a file, the ids that are asked for, and what is said around them.
pub const MAX_FRAME_BYTES: usize = 128 << 20;
/// Of a table: more than any class of rows that a pack asks for.
pub const MAX_ROWS: usize = 1_000_000;
/// Of a table: an image of 28 × 28 and what stands beside it, and some more.
pub const MAX_COLUMNS: usize = 1024;
/// Of an archive, unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 64 << 20;

/// Answers a request: pure, and what the properties are proved of.
pub fn answer(request: &Request) -> Reply {
    let answered = match request {
        Request::Table { bytes, spec } => match spec.format {
            TableFormat::Csv => csv::read(bytes, spec),
            TableFormat::Npy => npy::read_table(bytes, spec),
            TableFormat::Npz => npz::read_table(bytes, spec),
        }
        .map(Reply::Table),
        Request::Notebook { bytes } => notebook::read(bytes).map(|cells| Reply::Notebook { cells }),
    };
    answered.unwrap_or_else(Faults::into_reply)
}

/// The life of the process behind its locks: one request, one reply.
///
/// # Errors
/// The pipe, or a request that is none.
pub fn serve(
    hello: &Hello,
    input: &mut impl Read,
    output: &mut impl Write,
) -> Result<(), FrameError> {
    write_frame(output, hello)?;
    match read_frame(input, MAX_FRAME_BYTES) {
        Ok(request) => write_frame(output, &answer(&request)),
        Err(FrameError::Closed) => Ok(()),
        Err(error) => Err(error),
    }
}
