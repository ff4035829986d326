//! The bodies of the fuzz targets as property tests: any bytes, and valid files
//! with a few of their bytes changed, which reach further. `PROPTEST_CASES` says
//! how many.

use crate::{archive, inspect, model, reference};

#[path = "../../fuzz/bodies.rs"]
mod bodies;

use super::Reply;
use super::npy::tests::{dict, npy};
use super::npz::tests::{archive as zip, floats};
use crate::new::{NewKind, NewTitle, new_pack};
use gradien_problems::protocol;
use gradien_sandbox::array::{Array, Named, Value};
use gradien_sandbox::frame::encode_frame;
use gradien_sandbox::job::Container;
use proptest::prelude::*;
use std::io::Cursor;
use std::sync::LazyLock;

static PACKED: LazyLock<Vec<u8>> = LazyLock::new(packed);

const CSV: &[u8] = b"\xef\xbb\xbfid,label,p\r\n2,\"dog\",0.5\n1,cat,1e-3\n";
const NOTEBOOK: &[u8] = br##"{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
    {"cell_type": "markdown", "source": ["# x"]},
    {"cell_type": "code", "outputs": [{"data": [[[]]]}], "source": ["x = 'a\\u00e9'\n", "%y"]},
    {"cell_type": "code", "source": "f(\"\"\"\n!x\"\"\")"}]}"##;

fn array() -> Vec<u8> {
    npy(
        &dict("'>i2'", true, "(2, 3)"),
        &[0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6],
    )
}

fn arrays() -> Vec<u8> {
    zip(&[
        ("a.npy", &floats(&[0.5, 1.0])),
        ("b.npy", &floats(&[0.0, 1.0])),
    ])
}

/// A small pack, as `pack new` writes it and `pack export` packs it.
fn packed() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path().join("ch1-new");
    let pack = new_pack(NewKind::Answer, &folder, &NewTitle::default()).expect("it loads");
    let mut bytes = Cursor::new(Vec::new());
    archive::write_archive(&pack, &mut bytes).expect("it is packed");
    bytes.into_inner()
}

/// A frame of each protocol.
fn frames() -> Vec<Vec<u8>> {
    let evaluated = model::Reply::Evaluated {
        outputs: Array::from_f64(&[2, 1], &[0.5, f64::NAN]),
        as_initialised: false,
    };
    let returned = reference::Returned {
        container: Container::Single,
        outputs: vec![Named {
            name: "y".into(),
            value: Value::Json(serde_json::json!(["a", 1.5, null])),
        }],
    };
    let batched = reference::wire::Reply::Evaluated {
        cases: vec![Ok(returned)],
        batching: reference::Batching::Used {
            calls: 1,
            compared: 3,
        },
    };
    let cells = Reply::Notebook {
        cells: vec![inspect::Cell {
            number: 1,
            source: "x = 1".into(),
        }],
    };
    let verify = protocol::Request::Verify {
        pack: protocol::PackRef {
            hash: "0".repeat(64).parse().expect("a hash"),
            folder: "/packs/a".into(),
        },
    };
    let frames = [
        encode_frame(&evaluated),
        encode_frame(&batched),
        encode_frame(&cells),
        encode_frame(&verify),
    ];
    frames.map(|frame| frame.expect("a frame")).into()
}

/// A valid file with up to four of its bytes changed and its end cut, or any bytes.
fn damaged(valid: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let length = valid.len();
    let change = (0..length, any::<u8>());
    let changes = prop::collection::vec(change, 0..4);
    let changed = (changes, 0..=length.min(40)).prop_map(move |(changes, cut)| {
        let mut bytes = valid.clone();
        for (position, byte) in changes {
            bytes[position] = byte;
        }
        // Half of them stay whole.
        bytes.truncate(length - cut.saturating_sub(20));
        bytes
    });
    prop_oneof![4 => changed, 1 => prop::collection::vec(any::<u8>(), 0..300)]
}

/// Text of the signs that mean something to the format.
fn signs(alphabet: &'static [u8]) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(alphabet), 0..80)
}

proptest! {
    #[test]
    fn any_csv_is_answered(bytes in damaged(CSV.to_vec())) {
        bodies::csv(&bytes);
    }

    #[test]
    fn any_rows_are_answered(rows in signs(b"12,.\"\n\r catdog-e")) {
        bodies::csv(&[b"id,label,p\n", &rows[..]].concat());
    }

    #[test]
    fn any_npy_is_answered(bytes in damaged(array())) {
        bodies::npy(&bytes);
    }

    #[test]
    fn any_header_is_answered(header in signs(b"{}()[]'\":, 0123L-descrshapeTrueFalse<f8")) {
        let header = String::from_utf8(header).expect("ASCII");
        bodies::npy(&npy(&header, &[0; 16]));
        let shape = dict("'<f8'", false, &format!("({header},)"));
        bodies::npy(&npy(&shape, &[0; 16]));
    }

    #[test]
    fn any_npz_is_answered(bytes in damaged(arrays())) {
        bodies::npz(&bytes);
    }

    #[test]
    fn any_archive_is_answered(bytes in damaged(PACKED.clone())) {
        bodies::archive(&bytes);
    }

    #[test]
    fn any_frame_is_answered((bytes, _) in (0..4usize).prop_flat_map(|at| (damaged(frames()[at].clone()), Just(at)))) {
        bodies::frames(&bytes);
    }

    #[test]
    fn any_notebook_is_answered(bytes in damaged(NOTEBOOK.to_vec())) {
        bodies::notebook(&bytes);
    }

    #[test]
    fn any_cell_is_answered(source in signs(b"%!?=()'\"\\\n# ab")) {
        let source = String::from_utf8(source).expect("ASCII");
        let notebook = serde_json::json!({
            "nbformat": 4,
            "cells": [{"cell_type": "code", "source": source}],
        });
        bodies::notebook(notebook.to_string().as_bytes());
    }
}

/// What the damage is done to is sound, or the tests above would say little.
#[test]
fn valid_forms_are_read() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let unpacked = archive::unpack(Cursor::new(PACKED.as_slice()), folder.path(), None, "x");
    assert_eq!(unpacked.expect("it is sound").slug.as_str(), "ch1-new");
    bodies::archive(&PACKED);
    frames().iter().for_each(|frame| bodies::frames(frame));
}
