//! What a supervisor and its reference process say to each other: frames of
//! [`gradien_sandbox::frame`] on the process's stdin and stdout. The process
//! speaks first ([`Hello`]), then answers each [`Request`] with one [`Reply`].

use gradien_sandbox::array::Named;
use gradien_sandbox::job::Container;
use serde::{Deserialize, Serialize};

use super::fault::Fault;

/// Largest frame in either direction: a request with all cases of a pack, a
/// reply with all its expected outputs.
pub const MAX_FRAME_BYTES: usize = 512 << 20;

/// Spoken once, after the process has locked itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Of the workspace; the two ends must be of the same build.
    pub version: String,
    /// `2.11.0`.
    pub libtorch: String,
    /// CUDA devices that can be used.
    pub cuda_devices: u32,
    /// Why CUDA is not in use, in the loader's words; `None` where it is or was not asked for.
    pub cuda_absent: Option<String>,
    /// Which locks hold and which the machine refused, one line for each.
    pub walls: Vec<String>,
    /// Resident memory after libtorch's first use.
    pub resident_bytes: u64,
}

impl Hello {
    /// CUDA where there is a device, else the CPU.
    pub fn best_device(&self) -> Device {
        if self.cuda_devices > 0 {
            Device::Cuda
        } else {
            Device::Cpu
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Device {
    Cpu,
    /// The first CUDA device.
    Cuda,
}

/// What floating-point inputs are cast to, and what tensors are that a
/// reference makes without naming a dtype.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// float64: what expected outputs are computed in.
    #[default]
    Double,
    /// float32: to see whether a tolerance leaves room for it.
    Single,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// As errors name it: `reference.py`, `misconceptions/swapped_gates.py`.
    pub name: String,
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Compiles files into one namespace under `unit`, replacing what had that name.
    Compile {
        unit: String,
        files: Vec<SourceFile>,
    },
    Forget {
        unit: String,
    },
    Evaluate(Evaluation),
    /// Calls a checker `function(inputs, outputs) -> (points, message)`.
    Check {
        unit: String,
        function: String,
        cases: Vec<CheckCase>,
        device: Device,
    },
}

/// Calls `function` once for each case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    pub unit: String,
    pub function: String,
    /// Positional arguments, as a student's function gets them.
    pub cases: Vec<Vec<Named>>,
    pub device: Device,
    pub precision: Precision,
    /// A function of the same unit that takes the same arguments with a leading
    /// case dimension and returns the same with one. Cases of equal shapes are
    /// then evaluated in one call, provided that a sample agrees with `function`
    /// within 1e-9 (1e-4 in [`Precision::Single`]).
    pub batched: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckCase {
    pub inputs: Vec<Named>,
    pub outputs: Vec<Named>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    Compiled {
        /// In the order of the text.
        functions: Vec<Signature>,
    },
    Forgotten,
    Evaluated {
        /// One for each case, in order.
        cases: Vec<Result<Returned, Fault>>,
        batching: Batching,
    },
    Checked {
        cases: Vec<Result<Checked, Fault>>,
    },
    /// The request as a whole failed: the text does not compile, the unit or the
    /// function does not exist.
    Refused(Fault),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    pub name: String,
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    pub parameters: Vec<Parameter>,
    /// As Python writes it: `Tensor`, `Tuple[Tensor, float]`, `Dict[str, Tensor]`.
    pub returns: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    /// As Python writes it; `Tensor` where the text says nothing.
    pub type_name: String,
    /// It has a default value.
    pub optional: bool,
}

/// What a function returned, flattened one level. Names are the keys of a
/// dictionary, `0`, `1`, … of a tuple or list, and empty for a single value.
/// Numbers are 0-d arrays: `float` is float64, `int` int64, `bool` bool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    pub container: Container,
    pub outputs: Vec<Named>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// As the checker gives them; a pack says what is full.
    pub points: f64,
    pub message: String,
}

/// Whether cases were evaluated together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Batching {
    /// Not asked for.
    Unused,
    Used {
        calls: u32,
        /// Cases that were also evaluated singly and agreed.
        compared: u32,
    },
    /// The batched function failed or disagreed; every case was evaluated singly.
    Refused { reason: String },
}
