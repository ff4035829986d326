//! One job for a runner, and its outcome.

use crate::array::{Named, Value};
use serde::{Deserialize, Serialize};

/// A Python module given as source. Modules are executed in order; each can import
/// the earlier ones by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Module {
    pub name: String,
    /// What tracebacks say, e.g. `solution.py`.
    pub filename: String,
    pub source: String,
}

/// The function to call after all modules were executed, with positional arguments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    pub module: String,
    pub function: String,
    pub args: Vec<Named>,
}

/// An instance that has used so much is not called again: what a new one costs to start
/// is a hundredth of it, and calls that nobody may need are not made at length.
pub const SHARED_FUEL: u64 = 300_000_000;

/// A call of the same function in the same instance, after the calls before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Again {
    pub args: Vec<Named>,
    /// Seeds what [`Job::seed`] seeds, anew for this call.
    pub seed: u64,
}

/// What each call of a job may use; memory is the instance's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Instructions of the virtual machine; deterministic.
    pub fuel: u64,
    /// Linear memory of the whole guest, interpreter and NumPy included.
    pub memory_bytes: u64,
    /// For stdout and stderr each.
    pub output_bytes: u64,
    /// Bytes of the returned arrays and their header together.
    pub result_bytes: u64,
    /// Backstop only: set it far beyond what the fuel can take.
    pub wall_ms: u64,
}

impl Default for Limits {
    /// Room for any exercise of a course; a pack states its own.
    fn default() -> Limits {
        Limits {
            fuel: 10_000_000_000,
            memory_bytes: 512 << 20,
            output_bytes: 1 << 20,
            result_bytes: 64 << 20,
            wall_ms: 60_000,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Job {
    pub modules: Vec<Module>,
    /// `None`: the modules are executed and nothing is called.
    pub call: Option<Call>,
    /// Seeds `random`, `numpy.random` and the guest's entropy.
    pub seed: u64,
    pub limits: Limits,
    /// Further calls, in which what the program keeps in its variables passes from one
    /// to the next. They go on as long as each one before ended well, all results
    /// together keep to `Limits::result_bytes`, and all calls to [`SHARED_FUEL`].
    pub again: Vec<Again>,
}

/// Where in the job an exception came up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The source is not Python.
    Compile,
    /// While a module's top level was executed.
    Import,
    /// While the function ran or its result was read.
    Call,
}

/// One line of a traceback, of the given modules only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    pub file: String,
    /// Counted from 1.
    pub line: u32,
    pub function: String,
    /// The source line, stripped.
    pub text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// Name of the Python type, e.g. `ValueError`.
    pub kind: String,
    pub message: String,
    pub phase: Phase,
    /// Outermost first.
    pub frames: Vec<Frame>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    Ok,
    Exception(Exception),
    OutOfFuel,
    /// The wall clock ran out before the fuel: says nothing about the program until
    /// it was tried again alone.
    WallBackstop,
    OutOfMemory,
    OutputLimit,
    MissingFunction {
        function: String,
        /// Functions that the module does define.
        defined: Vec<String>,
    },
    BadReturn {
        /// Machine-readable: `none`, `object_dtype`, `unsupported_type`, `too_large`, `malformed`, …
        reason: String,
        /// Name of the Python type that was returned, empty where unknown.
        type_name: String,
        detail: String,
    },
    /// Ours, never the program's.
    SandboxFault {
        detail: String,
    },
}

/// What the function returned, flattened one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Container {
    /// One value (or none, where nothing was called).
    #[default]
    Single,
    Tuple,
    List,
    Dict,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Output {
    /// The key, where the container is a dict.
    pub key: Option<String>,
    pub value: Value,
    /// The Python type that was returned: `float`, `list`, `ndarray`, `np.float64`, …
    pub type_name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub status: Status,
    pub outputs: Vec<Output>,
    pub container: Container,
    /// Fuel used; identical on every machine for the same job and guest.
    pub fuel: u64,
    /// Largest size of the guest's linear memory.
    pub peak_memory_bytes: u64,
    /// Bytes as written, possibly not UTF-8; cut at `Limits::output_bytes`.
    #[serde(with = "serde_bytes")]
    pub stdout: Vec<u8>,
    #[serde(with = "serde_bytes")]
    pub stderr: Vec<u8>,
    /// The program wrote more than the cap.
    pub stdout_truncated: bool,
    pub stderr_truncated: bool,
}

impl Outcome {
    /// An outcome without outputs or prints.
    pub fn of_status(status: Status) -> Outcome {
        Outcome {
            status,
            outputs: Vec::new(),
            container: Container::Single,
            fuel: 0,
            peak_memory_bytes: 0,
            stdout: Vec::new(),
            stderr: Vec::new(),
            stdout_truncated: false,
            stderr_truncated: false,
        }
    }

    /// What was ours to blame.
    pub fn fault(&self) -> Option<&str> {
        match &self.status {
            Status::SandboxFault { detail } => Some(detail),
            _ => None,
        }
    }

    pub fn stdout_lossy(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub fn stderr_lossy(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }
}
