//! One reference process: starting it, asking it, and what it knows.

use gradien_sandbox::child::{Child, ChildError, Deadline};
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use std::ffi::OsString;
use std::time::Duration;

use super::client::{ReferenceConfig, ReferenceError};
use super::wire::{Hello, MAX_FRAME_BYTES};

const MAX_HELLO_BYTES: usize = 1 << 20;

/// One process that has said hello. Dropping it kills it.
pub(crate) struct Process {
    child: Child,
    /// The units that it knows.
    pub(super) compiled: HashSet<String>,
}

impl Process {
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn start(config: &ReferenceConfig) -> Result<(Process, Hello), ReferenceError> {
        let mut child = spawn(config).map_err(|source| ReferenceError::Start {
            binary: config.binary.clone(),
            source,
        })?;
        let deadline = Deadline::within(Duration::from_millis(config.start_wall_ms));
        let hello: Hello = child.read(MAX_HELLO_BYTES, deadline)?;
        let expected = env!("CARGO_PKG_VERSION");
        if hello.version != expected {
            let found = hello.version;
            return Err(ReferenceError::OtherVersion { found, expected });
        }
        let compiled = HashSet::new();
        Ok((Process { child, compiled }, hello))
    }

    /// Writes a frame and waits for the answer. After an error the process is of no
    /// more use.
    pub(crate) fn exchange<R: DeserializeOwned>(
        &mut self,
        request: &[u8],
        deadline: Deadline,
    ) -> Result<R, ChildError> {
        self.child.exchange(request, MAX_FRAME_BYTES, deadline)
    }
}

fn spawn(config: &ReferenceConfig) -> std::io::Result<Child> {
    let mut command = Child::command(&config.binary);
    command
        // Without it cuBLAS is not deterministic and says so with an error.
        .env("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
        .arg(format!("--memory-bytes={}", config.memory_bytes));
    if config.serves_models {
        command.arg("--serve=model");
    }
    if let Some(path) = &config.library_path {
        command.env("LD_LIBRARY_PATH", path);
    }
    if let Some(library) = &config.cuda_library {
        let mut argument = OsString::from("--cuda-library=");
        argument.push(library);
        command.arg(argument);
    }
    Child::spawn(command)
}
