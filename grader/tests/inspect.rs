//! The inspecting process itself, with its locks.

use gradien_grader::inspect::{
    Cell, ColumnSpec, Hello, InspectConfig, Reply, Request, TableSpec, Values, inspect,
};
use gradien_problems::message::FileFault;
use gradien_problems::pack::{ColumnKind, TableFormat};
use gradien_sandbox::child::{Child, Deadline};
use gradien_sandbox::frame::encode_frame;
use std::path::Path;
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_gradien-inspect");

fn ask(request: &Request) -> Reply {
    inspect(&InspectConfig::new(Path::new(BINARY)), request).unwrap()
}

fn table(bytes: Vec<u8>, ids: Vec<String>) -> Request {
    let column = |name: &str, kind| ColumnSpec {
        name: name.into(),
        kind,
        classes: Vec::new(),
    };
    Request::Table {
        bytes,
        spec: TableSpec {
            format: TableFormat::Csv,
            columns: vec![column("id", ColumnKind::Id), column("y", ColumnKind::Float)],
            ids: Some(ids),
        },
    }
}

#[test]
fn it_locks_itself_before_it_reads() {
    let deadline = Deadline::within(Duration::from_secs(30));
    let mut child = Child::spawn(Child::command(Path::new(BINARY))).unwrap();
    let hello: Hello = child.read(1 << 16, deadline).unwrap();
    for name in ["privileges", "limits", "capabilities", "parent", "seccomp"] {
        let stands = |line: &&String| line.starts_with(name) && !line.contains("MISSING");
        let found = hello.walls.iter().find(stands);
        assert!(found.is_some(), "{name}: {:?}", hello.walls);
    }
    // One file, then the end.
    let request = table(b"id,y\na,1\n".to_vec(), vec!["a".into()]);
    let request = encode_frame(&request).unwrap();
    let reply = child.exchange(&request, 1 << 16, deadline);
    assert!(matches!(reply, Ok(Reply::Table(_))));
    assert!(child.read::<Reply>(1 << 16, deadline).is_err());
}

#[test]
fn files_are_answered_with_values_or_faults() {
    let ids = || vec!["a".to_owned(), "b".to_owned()];
    let good = ask(&table(b"id,y\nb,2\na,1\n".to_vec(), ids()));
    let Reply::Table(good) = good else {
        panic!("{good:?}")
    };
    assert_eq!(good.columns, [Values::Numbers(vec![1.0, 2.0])]);
    let bad = ask(&table(b"id,y\nb,2\n".to_vec(), ids()));
    let Reply::Faults { faults, more: 0 } = bad else {
        panic!("{bad:?}")
    };
    assert!(matches!(faults[..], [FileFault::IdsMissing { .. }]));
    let bytes = br#"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}"#;
    let notebook = ask(&Request::Notebook {
        bytes: bytes.to_vec(),
    });
    let source = "x = 1".to_owned();
    let cells = vec![Cell { number: 1, source }];
    assert_eq!(notebook, Reply::Notebook { cells });
}

/// The largest files that are taken, of the sorts that take the most.
#[test]
fn the_largest_files_are_answered_in_time_and_within_the_memory() {
    let size = 16 << 20;
    let begun = Instant::now();
    let rows: Vec<String> = (0..900_000).map(|row| format!("r{row}")).collect();
    let lines: String = rows.iter().map(|id| format!("{id},0.5\n")).collect();
    let whole = format!("id,y\n{lines}");
    assert!(whole.len() < size);
    let Reply::Table(table_read) = ask(&table(whole.into_bytes(), rows)) else {
        panic!("a good file")
    };
    assert_eq!(table_read.places.len(), 900_000);
    for bytes in [
        vec![b','; size],
        vec![b'"'; size],
        vec![b'\n'; size],
        b"id,y\n".repeat(size / 5),
        b"id,y\n\""
            .iter()
            .copied()
            .chain(vec![b'x'; size])
            .collect(),
    ] {
        let reply = ask(&table(bytes, vec!["a".into()]));
        assert!(matches!(reply, Reply::Faults { .. }));
    }
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "{:?}",
        begun.elapsed()
    );
}
