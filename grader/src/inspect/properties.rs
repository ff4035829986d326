//! The bodies of the fuzz targets as property tests: any bytes, and valid files
//! with a few of their bytes changed, which reach further. `PROPTEST_CASES` says
//! how many.

use crate::inspect;

#[path = "../../fuzz/bodies.rs"]
mod bodies;

use super::npy::tests::{dict, npy};
use super::npz::tests::{archive, floats};
use proptest::prelude::*;

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
    archive(&[
        ("a.npy", &floats(&[0.5, 1.0])),
        ("b.npy", &floats(&[0.0, 1.0])),
    ])
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
