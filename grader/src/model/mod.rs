//! The model process as its caller sees it.
//!
//! It is `gradien-reference --serve model`: the same program behind the same
//! locks, with another loop. Given a checked list of layers, a file of weights
//! and inputs it gives back outputs; labels stay with the supervisor, which
//! computes the metric. The file is read in the locked process by the
//! `safetensors` crate and compared with the parameters of the network before
//! libtorch is given a byte of it.
//!
//! Nothing of a submission is kept between requests; a process that misses its
//! deadline or dies is replaced at the next request. A student's own list of
//! layers is text, and is read there too.

pub mod wire;

pub use wire::{ModelFault, Network, NetworkText, Reply, Request};

use crate::reference::process::Process;
use crate::reference::{Device, Hello, ReferenceConfig, ReferenceError};
use gradien_problems::architecture::{ArchitectureFault, WeightFault};
use gradien_sandbox::array::Array;
use gradien_sandbox::child::{ChildError, Deadline};
use gradien_sandbox::frame;
use std::time::Duration;

/// A model process that is there when it is needed.
pub struct Model {
    config: ReferenceConfig,
    process: Option<Process>,
    hello: Hello,
}

/// How a run ended that was no fault of ours.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Outputs {
        /// float32, the first axis as in the inputs.
        outputs: Array,
        /// Every weight lies within the bounds of PyTorch's start.
        as_initialised: bool,
    },
    /// The student's list of layers cannot be used.
    Layers(ArchitectureFault),
    Weights {
        faults: Vec<WeightFault>,
        more: u64,
    },
    Failed(ModelFault),
    /// It took longer than it may, so it was ended.
    Deadline,
}

impl Model {
    /// Starts the process and waits until it has locked itself.
    pub fn start(mut config: ReferenceConfig) -> Result<Model, ReferenceError> {
        config.serves_models = true;
        let (process, hello) = Process::start(&config)?;
        Ok(Model {
            config,
            process: Some(process),
            hello,
        })
    }

    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    pub fn best_device(&self) -> Device {
        self.hello.best_device()
    }

    /// # Errors
    /// The process cannot be started, died, or said something that is no reply.
    pub fn evaluate(
        &mut self,
        request: &Request,
        deadline: Duration,
    ) -> Result<Outcome, ReferenceError> {
        let bytes = frame::encode_frame(request).map_err(ReferenceError::Protocol)?;
        if self.process.is_none() {
            let (process, hello) = Process::start(&self.config)?;
            self.process = Some(process);
            self.hello = hello;
        }
        let process = self.process.as_mut().expect("started above");
        let examples = request.inputs.shape.first().copied();
        match process.exchange(&bytes, Deadline::within(deadline)) {
            Ok(Reply::Evaluated {
                outputs,
                as_initialised,
            }) => {
                let fits = outputs.shape.first().copied() == examples
                    && outputs.shape[1..] == *request.network.output();
                if fits {
                    return Ok(Outcome::Outputs {
                        outputs,
                        as_initialised,
                    });
                }
                self.process = None;
                Err(ReferenceError::WrongReply)
            }
            Ok(Reply::Layers(fault)) => Ok(Outcome::Layers(fault)),
            Ok(Reply::Weights { faults, more }) => Ok(Outcome::Weights { faults, more }),
            Ok(Reply::Failed(fault)) => Ok(Outcome::Failed(fault)),
            Err(error) => {
                self.process = None;
                match error {
                    ChildError::Stalled { .. } => Ok(Outcome::Deadline),
                    other => Err(other.into()),
                }
            }
        }
    }
}
