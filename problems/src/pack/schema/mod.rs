//! The JSON Schema of `problem.toml` and `submissions/expected.toml`, made from the
//! types that read them, so that editors complete keys, show what they mean, and
//! mark those that do not exist.
//!
//! It says what the shape of the TOML says. Rules between keys ("a choice has
//! options") are `check`'s, and found by loading the pack.

use super::manifest::{ExpectedToml, Manifest};
use crate::architecture::{KINDS, OWN_KINDS};
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;
use std::borrow::Cow;

/// One schema for each file that has one: its name, without an ending, and text.
pub fn schemas() -> [(&'static str, String); 2] {
    [
        ("problem", text::<Manifest>("problem.toml")),
        (
            "expected",
            text::<ExpectedToml>("submissions/expected.toml: what each example must get"),
        ),
    ]
}

/// Draft 7, which editors of TOML know.
fn text<T: JsonSchema>(title: &str) -> String {
    let settings = SchemaSettings::draft07().with_transform(WithoutNull);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".into(), title.into());
    format!("{:#}\n", schema.to_value())
}

/// TOML has no null: what may be absent is not required, and that is all.
#[derive(Debug, Clone)]
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(object) = schema.as_object_mut() {
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|one| *one != "null");
                if let [only] = &types[..] {
                    let only = only.clone();
                    object.insert("type".into(), only);
                }
            }
            if let Some(Value::Array(branches)) = object.get_mut("anyOf") {
                branches.retain(|one| one["type"] != "null");
                if let [Value::Object(only)] = &branches[..] {
                    let only = only.clone();
                    object.remove("anyOf");
                    for (key, value) in only {
                        object.entry(key).or_insert(value);
                    }
                }
            }
            if object.get("default") == Some(&Value::Null) {
                object.remove("default");
            }
        }
        transform_subschemas(self, schema);
    }
}

/// The kinds by their names.
pub(super) struct KindName;

impl JsonSchema for KindName {
    fn schema_name() -> Cow<'static, str> {
        "Kind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": ["answer", "function", "prediction", "model", "notebook"] })
    }
}

/// A number, a truth value, or nested lists of them.
pub(super) struct Numbers;

impl JsonSchema for Numbers {
    fn schema_name() -> Cow<'static, str> {
        "Numbers".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number or nested lists of numbers.",
            "anyOf": [
                { "type": ["number", "boolean"] },
                { "type": "array", "minItems": 1, "items": generator.subschema_for::<Numbers>() },
            ],
        })
    }
}

/// A layer of a network. Which keys a kind takes, `architecture` says.
pub(super) struct LayerKeys;

const WINDOW: &str = "One number, or one for each axis";

impl JsonSchema for LayerKeys {
    fn schema_name() -> Cow<'static, str> {
        "Layer".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let kinds: Vec<&str> = KINDS.iter().chain(&OWN_KINDS).copied().collect();
        let size =
            |what: &str| json_schema!({ "type": "integer", "minimum": 1, "description": what });
        let flag = |what: &str| json_schema!({ "type": "boolean", "description": what });
        let number = |what: &str| json_schema!({ "type": "number", "description": what });
        let window = |what: &str| {
            json_schema!({
                "type": ["integer", "array"],
                "items": { "type": "integer", "minimum": 0 },
                "description": format!("{what}. {WINDOW}."),
            })
        };
        json_schema!({
            "description": "A layer; named and meant as in torch.nn.",
            "type": "object",
            "additionalProperties": false,
            "required": ["kind"],
            "properties": {
                "kind": { "enum": kinds, "description": "The layer, as torch.nn calls it." },
                "name": {
                    "type": "string",
                    "description": "The prefix of its weights; its position in the list unless said otherwise.",
                },
                "out": size("Features or channels that it gives."),
                "kernel": window("Size of the window"),
                "stride": window("Step of the window"),
                "padding": window("Zeros around the input"),
                "dilation": window("Distance between the window's elements"),
                "output_padding": window("Of a transposed convolution: added to one side"),
                "size": window("Of an adaptive pooling: what it gives"),
                "groups": size("Groups of channels."),
                "bias": flag("Whether it has a bias; true unless said otherwise."),
                "affine": flag("Whether a normalisation learns scale and shift; true unless said otherwise."),
                "eps": number("Added to a variance; 1e-5 unless said otherwise."),
                "axes": size("Of a layer_norm: how many axes, counted from the last."),
                "count": size("Of an embedding: how many ids there are."),
                "hidden": size("Of a recurrent layer: the size of its state."),
                "num_layers": size("Recurrent layers on top of each other."),
                "bidirectional": flag("A recurrent layer that reads in both directions."),
                "nonlinearity": { "enum": ["tanh", "relu"], "description": "Of kind rnn." },
                "slope": number("Of a leaky_relu, below zero; 0.01 unless said otherwise."),
                "approximate": { "enum": ["none", "tanh"], "description": "Of a gelu." },
                "axis": { "type": "integer", "description": "Of a softmax; -1 unless said otherwise." },
                "p": number("Of a dropout, which does nothing where a network is used."),
                "shape": {
                    "type": "array",
                    "items": { "type": "integer", "minimum": 1 },
                    "description": "Of an unflatten: what the last axis becomes.",
                },
                "from": {
                    "type": "string",
                    "description": "Of an add: the name of the layer whose output is added, or \"input\".",
                },
            },
        })
    }
}

#[cfg(test)]
mod tests;
