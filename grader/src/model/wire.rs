//! What a supervisor and its model process say to each other, after the hello
//! that it shares with the reference process: one [`Request`], one [`Reply`].

use gradien_problems::architecture::{Architecture, ArchitectureFault, WeightFault};
use gradien_problems::pack::OwnNetwork;
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
    pub network: Network,
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
pub enum Network {
    /// The pack's own.
    Checked(Architecture),
    /// A student's list of layers, which the model process reads.
    Written(NetworkText),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NetworkText {
    /// TOML.
    pub text: String,
    /// What it must fit.
    pub own: OwnNetwork,
}

impl Network {
    /// The shape of what it gives for one example.
    pub fn output(&self) -> &[usize] {
        match self {
            Network::Checked(network) => network.output(),
            Network::Written(written) => &written.own.output,
        }
    }
}

impl From<Architecture> for Network {
    fn from(network: Architecture) -> Network {
        Network::Checked(network)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    Evaluated {
        /// float32, the first axis as in the inputs.
        outputs: Array,
        /// Whether every weight lies within the bounds of PyTorch's start, and
        /// some weight has bounds.
        as_initialised: bool,
    },
    /// The student's list of layers cannot be used.
    Layers(ArchitectureFault),
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
