//! The caller's side: one process for one file.

use super::wire::{Hello, Reply, Request, TableSpec, Values};
use super::{MAX_FRAME_BYTES, MAX_LISTED};
use gradien_problems::pack::ColumnKind;
use gradien_sandbox::child::{Child, ChildError, Deadline};
use gradien_sandbox::frame::encode_frame;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Far beyond what the largest file takes.
const WALL: Duration = Duration::from_secs(30);
const HELLO_BYTES: usize = 64 << 10;

#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    #[error("the inspecting process cannot be started ({})", binary.display())]
    Start { binary: PathBuf, source: io::Error },
    #[error("the inspecting process failed")]
    Child(#[from] ChildError),
    #[error("the inspecting process is of version {found}, this is {expected}")]
    OtherVersion {
        found: String,
        expected: &'static str,
    },
    /// What it says cannot be an answer to what it was asked.
    #[error("the inspecting process answered what cannot be")]
    WrongReply,
}

#[derive(Debug, Clone)]
pub struct InspectConfig {
    /// `gradien-inspect`.
    pub binary: PathBuf,
}

impl InspectConfig {
    pub fn new(binary: &Path) -> InspectConfig {
        InspectConfig {
            binary: binary.into(),
        }
    }
}

/// Starts a process, has it read the file, and ends it. The reply is believed
/// only as far as it fits the request: a process that a file has taken over can
/// lie about that file, and about nothing else.
pub fn inspect(config: &InspectConfig, request: &Request) -> Result<Reply, InspectError> {
    let mut child = Child::spawn(Child::command(&config.binary)).map_err(|source| {
        let binary = config.binary.clone();
        InspectError::Start { binary, source }
    })?;
    let hello: Hello = child.read(HELLO_BYTES, Deadline::within(WALL))?;
    let expected = env!("CARGO_PKG_VERSION");
    if hello.version != expected {
        let found = hello.version;
        return Err(InspectError::OtherVersion { found, expected });
    }
    let request_frame = encode_frame(request).map_err(ChildError::Protocol)?;
    let reply = child.exchange(&request_frame, MAX_FRAME_BYTES, Deadline::within(WALL))?;
    match fits(request, &reply) {
        true => Ok(reply),
        false => Err(InspectError::WrongReply),
    }
}

fn fits(request: &Request, reply: &Reply) -> bool {
    match (request, reply) {
        (_, Reply::Faults { faults, .. }) => (1..=MAX_LISTED).contains(&faults.len()),
        (Request::Notebook { .. }, Reply::Notebook { cells }) => !cells.is_empty(),
        (Request::Table { spec, .. }, Reply::Table(table)) => {
            let rows = table.places.len();
            let mut asked = spec.columns.iter().filter(|c| c.kind != ColumnKind::Id);
            let columns_fit = table.columns.iter().all(|values| {
                asked.next().is_some_and(|column| match values {
                    Values::Classes(classes) => {
                        let count = column.classes.len();
                        column.kind == ColumnKind::Label
                            && classes.len() == rows
                            && classes.iter().all(|&class| (class as usize) < count)
                    }
                    Values::Numbers(numbers) => {
                        column.kind != ColumnKind::Label
                            && numbers.len() == rows
                            && numbers.iter().all(|number| number.is_finite())
                    }
                })
            });
            columns_fit && asked.next().is_none() && rows_fit(spec, table.places.as_slice())
        }
        _ => false,
    }
}

/// As many as were asked for, each place of the file once.
fn rows_fit(spec: &TableSpec, places: &[u32]) -> bool {
    let mut seen = vec![false; places.len()];
    let each_once = places.iter().all(|&place| {
        let seen = seen.get_mut(place as usize);
        seen.is_some_and(|seen| !std::mem::replace(seen, true))
    });
    each_once
        && spec
            .ids
            .as_ref()
            .is_none_or(|ids| ids.len() == places.len())
}

#[cfg(test)]
mod tests {
    use super::super::table::tests::predictions;
    use super::*;
    use crate::inspect::Table;

    #[test]
    fn a_reply_that_does_not_fit_is_not_believed() {
        let request = Request::Table {
            bytes: Vec::new(),
            spec: predictions(&["a", "b"]),
        };
        let reply = |places: &[u32], columns: &[Values]| {
            Reply::Table(Table {
                ids: Vec::new(),
                columns: columns.to_vec(),
                places: places.to_vec(),
            })
        };
        let good = [Values::Numbers(vec![0.5, 1.0])];
        assert!(fits(&request, &reply(&[1, 0], &good)));
        for lie in [
            reply(&[0, 0], &good),
            reply(&[0, 2], &good),
            reply(&[0], &[Values::Numbers(vec![0.5])]),
            reply(&[0, 1], &[]),
            reply(&[0, 1], &[Values::Numbers(vec![0.5])]),
            reply(&[0, 1], &[Values::Numbers(vec![0.5, f64::NAN])]),
            reply(&[0, 1], &[Values::Classes(vec![0, 1])]),
            Reply::Notebook { cells: Vec::new() },
            Reply::Faults {
                faults: Vec::new(),
                more: 0,
            },
        ] {
            assert!(!fits(&request, &lie), "{lie:?}");
        }
    }
}
