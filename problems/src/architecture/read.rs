//! From tables to checked layers.

use super::fault::{ArchitectureFault, InputForm, Place, Wrong};
use super::keys::Keys;
use super::kinds::{INPUT, read_operation};
use super::operation::Operation;
use super::shape::{count, output_of};
use super::{Architecture, Layer, MAX_LAYERS, NetworkInput};
use serde::Deserialize;
use toml::Table;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListToml {
    #[serde(default)]
    layers: Vec<Table>,
}

impl Architecture {
    /// Reads a file of `[[layers]]`.
    ///
    /// # Errors
    /// The first thing that is wrong, with the layer it is about.
    pub fn read(text: &str, input: NetworkInput) -> Result<Architecture, ArchitectureFault> {
        let list: ListToml = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = 1 + text.bytes().take(at).filter(|&b| b == b'\n').count();
            Wrong::Toml {
                line,
                detail: error.message().trim().to_owned(),
            }
        })?;
        Architecture::from_tables(&list.layers, input)
    }

    /// As [`Architecture::read`], from tables that were parsed already.
    pub fn from_tables(
        tables: &[Table],
        input: NetworkInput,
    ) -> Result<Architecture, ArchitectureFault> {
        match tables.len() {
            0 => return Err(Wrong::NoLayers.into()),
            1..=MAX_LAYERS => {}
            _ => return Err(Wrong::TooManyLayers.into()),
        }
        count(&input.shape)?;
        let mut ids = input.ids;
        let mut network = Architecture {
            input,
            layers: Vec::new(),
        };
        for (position, table) in tables.iter().enumerate() {
            let text = |key| table.get(key).and_then(toml::Value::as_str);
            let place = Place {
                position,
                name: text("name").map(str::to_owned),
                kind: text("kind").unwrap_or("?").to_owned(),
            };
            let layer =
                read_layer(table, &network, ids, position).map_err(|what| ArchitectureFault {
                    layer: Some(Box::new(place)),
                    what,
                })?;
            // What an embedding gives are numbers; all else is given numbers.
            ids &= matches!(layer.operation, Operation::Dropout | Operation::Flatten);
            if let Operation::Add { layer: Some(kept) } = layer.operation {
                network.layers[kept].is_kept = true;
            }
            network.layers.push(layer);
        }
        Ok(network)
    }
}

fn read_layer(
    table: &Table,
    before: &Architecture,
    ids: bool,
    position: usize,
) -> Result<Layer, Wrong> {
    let mut keys = Keys::new(table);
    let name = match keys.find_text("name")? {
        None => position.to_string(),
        Some(name) => name.to_owned(),
    };
    let fits = !name.is_empty()
        && name.len() <= 64
        && name != INPUT
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
    if !fits {
        return Err(Wrong::BadName);
    }
    if before.layers.iter().any(|layer| layer.name == name) {
        return Err(Wrong::NameTwice { name });
    }
    let input = before.output().to_vec();
    let operation = read_operation(&mut keys, before, &input)?;
    keys.finish()?;
    let takes_ids = matches!(operation, Operation::Embedding { .. });
    let takes_both = matches!(operation, Operation::Dropout | Operation::Flatten);
    if takes_ids != ids && !takes_both {
        let expected = if ids {
            InputForm::Numbers
        } else {
            InputForm::Ids
        };
        return Err(Wrong::Input {
            expected,
            got: input,
        });
    }
    let output = output_of(&operation, &input)?;
    Ok(Layer {
        name,
        operation,
        input,
        output,
        is_kept: false,
    })
}
