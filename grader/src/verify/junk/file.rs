//! Files that are none: tables, notebooks and weights.

use super::program;
use crate::model::wire::MAX_WEIGHT;
use crate::prepare::Prepared;
use gradien_problems::Pack;
use gradien_problems::architecture::{Architecture, Role};
use gradien_problems::pack::{
    ColumnKind, ModelKind, Network, NotebookKind, PredictionKind, TableFormat,
};
use gradien_problems::proof::Junk;
use gradien_problems::protocol::Submission;

/// Neither text nor a beginning that any format has.
const BYTES: &[u8] = b"\xfe\x80\x00\xff\xc0\x00\x00\x00\x00\x00\x00\x00junk\xff";
const TEXT: &[u8] = b"This is a text, and not what was asked for.\n";

pub(super) const NOTEBOOKS: [Junk; 3] = [Junk::Empty, Junk::Bytes, Junk::WithoutContent];

pub(super) const WEIGHTS: [Junk; 8] = [
    Junk::Empty,
    Junk::Text,
    Junk::Bytes,
    Junk::WithoutContent,
    Junk::NotANumber,
    Junk::WrongShape,
    Junk::WrongKind,
    Junk::Huge,
];

pub(super) fn list_tables(kind: &PredictionKind) -> Vec<Junk> {
    let mut junk = vec![Junk::Empty, Junk::Text, Junk::Bytes];
    if kind.format == TableFormat::Csv {
        junk.extend([
            Junk::WithoutContent,
            Junk::NotANumber,
            Junk::Infinite,
            Junk::WrongShape,
            Junk::WrongKind,
        ]);
    }
    junk
}

/// A table; in CSV with the header and the ids that it must have.
pub(super) fn table(kind: &PredictionKind, prepared: &Prepared, junk: Junk) -> Vec<u8> {
    let cell = match junk {
        Junk::Empty => return Vec::new(),
        Junk::Text => return TEXT.to_vec(),
        Junk::Bytes => return BYTES.to_vec(),
        Junk::NotANumber => "nan",
        Junk::Infinite => "inf",
        Junk::WrongKind => "junk",
        _ => "",
    };
    let names: Vec<&str> = kind.columns.iter().map(|one| one.name.as_str()).collect();
    let mut text = format!("{}\n", names.join(","));
    let ids = prepared.labels.iter().flat_map(|labels| &labels.ids);
    for id in ids.filter(|_| junk != Junk::WithoutContent) {
        let cells = kind.columns.iter().map(|column| match column.kind {
            ColumnKind::Id => id.as_str(),
            _ => cell,
        });
        text.push_str(&cells.collect::<Vec<_>>().join(","));
        if junk == Junk::WrongShape {
            text.push_str(",1,2");
        }
        text.push('\n');
    }
    text.into_bytes()
}

pub(super) fn notebook(kind: &NotebookKind, prepared: &Prepared, junk: Junk) -> Vec<u8> {
    let cells = match junk {
        Junk::Empty => return Vec::new(),
        Junk::Bytes => return BYTES.to_vec(),
        Junk::WithoutContent => serde_json::json!([]),
        _ => {
            let source = match kind.data {
                Some(_) => program::variables(&kind.function, prepared, junk),
                None => program::function(&kind.function, prepared, junk),
            };
            serde_json::json!([{
                "cell_type": "code", "source": source, "outputs": [], "metadata": {},
                "execution_count": null,
            }])
        }
    };
    let notebook = serde_json::json!({
        "nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells,
    });
    notebook.to_string().into_bytes()
}

/// A file of weights and, where students choose the layers, those of an accepted
/// example.
pub(super) fn weights(pack: &Pack, kind: &ModelKind, junk: Junk) -> (Vec<u8>, Option<String>) {
    let (network, layers) = match &kind.network {
        Network::Declared(network) => (Some(network.clone()), None),
        Network::Own(own) => {
            let examples = pack.submissions.iter();
            let mut accepted = examples.filter(|example| example.score == pack.max_score());
            let layers = accepted.find_map(|example| match &example.submission {
                Submission::Model { architecture, .. } => architecture.clone(),
                _ => None,
            });
            let network = layers
                .as_ref()
                .and_then(|text| Architecture::read(text, own.input.clone()).ok());
            (network, layers)
        }
    };
    let bytes = match junk {
        Junk::Empty => Vec::new(),
        Junk::Text => TEXT.to_vec(),
        Junk::Bytes => BYTES.to_vec(),
        _ => safetensors(network.as_ref(), junk),
    };
    (bytes, layers)
}

/// The format: the header's length as `u64` in little-endian order, the header as
/// JSON, the elements.
fn safetensors(network: Option<&Architecture>, junk: Junk) -> Vec<u8> {
    let mut header = serde_json::Map::new();
    let mut data: Vec<u8> = Vec::new();
    let value = match junk {
        Junk::NotANumber => f32::NAN,
        Junk::Huge => 10.0 * MAX_WEIGHT as f32,
        _ => 0.0,
    };
    let parameters = network.map(Architecture::parameters).unwrap_or_default();
    let parameters = parameters
        .into_iter()
        .filter(|one| one.role != Role::Ignored);
    for parameter in parameters.filter(|_| junk != Junk::WithoutContent) {
        let mut shape = parameter.shape;
        if junk == Junk::WrongShape {
            shape.push(1);
        }
        let begin = data.len();
        for _ in 0..shape.iter().product() {
            data.extend(value.to_le_bytes());
        }
        let dtype = match junk {
            Junk::WrongKind => "I32",
            _ => "F32",
        };
        let offsets = [begin, data.len()];
        let tensor = serde_json::json!({
            "dtype": dtype, "shape": shape, "data_offsets": offsets,
        });
        header.insert(parameter.name, tensor);
    }
    let header = serde_json::Value::Object(header).to_string();
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(data);
    file
}
