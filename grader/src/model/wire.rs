//! What a supervisor and its model process say to each other, after the hello
//! that it shares with the reference process: one [`Request`], one [`Reply`].

use gradien_problems::architecture::{Architecture, WeightFault};
use gradien_sandbox::array::Array;
use serde::{Deserialize, Serialize};

use crate::reference::Device;

/// Largest absolute value of a learned weight. Sums of products of larger ones
/// overflow float32 within a few layers.
pub const MAX_WEIGHT: f64 = 1e6;
/// Running statistics are squares of what they are taken from.
pub const MAX_STATISTIC: f64 = 1e12;
/// A header says in so many bytes what every tensor is called and where it lies.
pub const MAX_HEADER_BYTES: u64 = 1 << 20;
/// Tensors of a file that are named in full; more are counted.
pub const MAX_LISTED: usize = 100;

/// Runs a network on inputs. Never has a label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    pub architecture: Architecture,
    /// A safetensors file as it was handed in.
    #[serde(with = "serde_bytes")]
    pub weights: Vec<u8>,
    /// One example after another: the first axis is the batch.
    pub inputs: Array,
    /// Examples that are run together. The same number gives the same bits.
    pub batch: usize,
    pub device: Device,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// float32, the first axis as in the inputs.
    Evaluated {
        outputs: Array,
    },
    /// The file does not hold the network's weights: everything that is wrong.
    Weights {
        faults: Vec<WeightFault>,
        /// Further ones that are not listed.
        more: u64,
    },
    Failed(ModelFault),
}

/// Why a network whose weights fit could not be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ModelFault {
    OutOfMemory,
    NoDevice,
    /// An input has an id that the embedding does not.
    UnknownId {
        id: i64,
        count: usize,
    },
    /// The inputs have not the shape that the network takes.
    Inputs {
        detail: String,
    },
    /// libtorch refused an operation that the checked shapes allow.
    Runtime {
        detail: String,
    },
}
