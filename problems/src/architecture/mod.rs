//! Networks as lists of layers, written in TOML, without a line of code.
//!
//! ```toml
//! [[layers]]
//! kind = "conv2d"
//! out = 8
//! kernel = 3
//! padding = 1
//!
//! [[layers]]
//! kind = "relu"
//! ```
//!
//! Theory of operation. A list is read from front to back with the shape of one
//! example in hand (no batch axis). Each layer takes that shape, or says what it
//! expected instead, and hands the next shape on. So whatever an [`Architecture`]
//! holds fits together: parameters have the names and shapes that `state_dict()`
//! of an `nn.Sequential` with the same list has ([`Architecture::parameters`]),
//! and the cost is known ([`Architecture::cost`]) before a tensor exists. Nothing
//! here runs a network, and all sizes are checked for overflow, because the list
//! may be a student's.
//!
//! Sequences are `(steps, features)` as with `batch_first=True`, images
//! `(channels, height, width)`, signals `(channels, length)`.

mod cost;
mod fault;
mod keys;
mod kinds;
mod operation;
mod parameters;
mod pytorch;
mod read;
mod shape;
mod weights;

#[cfg(test)]
mod tests;

pub use cost::{Caps, Cost};
pub use fault::{ArchitectureFault, Expected, InputForm, Place, Quantity, Wrong};
pub use kinds::{KINDS, OWN_KINDS};
pub use operation::{Activation, Cell, Operation, Pooling};
pub use parameters::{Parameter, Role};
pub use shape::count as count_elements;
pub use weights::{TensorHeader, WeightFault, check_headers};

use serde::{Deserialize, Serialize};

/// Longer lists are refused.
pub const MAX_LAYERS: usize = 200;
/// Largest size that a layer may name, and largest length of an axis.
pub const MAX_SIZE: usize = 1 << 20;

/// What a network is given, one example of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkInput {
    /// Without the batch axis.
    pub shape: Vec<usize>,
    /// Integers that an `embedding` looks up, not numbers.
    pub ids: bool,
}

/// A checked list of layers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    pub input: NetworkInput,
    pub layers: Vec<Layer>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// What its parameters' names begin with: its own name, or its place from 0.
    pub name: String,
    pub operation: Operation,
    /// Shapes of one example, without the batch axis.
    pub input: Vec<usize>,
    pub output: Vec<usize>,
    /// A later `add` takes this layer's output again.
    pub is_kept: bool,
}

impl Architecture {
    /// The shape that the last layer gives for one example.
    pub fn output(&self) -> &[usize] {
        self.layers
            .last()
            .map_or(&self.input.shape, |layer| &layer.output)
    }
}
