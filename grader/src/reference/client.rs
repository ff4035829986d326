//! The caller's side: one reference process, spoken to with deadlines.
//!
//! Theory of operation. A reference is a stranger's program that cannot be
//! interrupted, so the only way to end one is to kill its process. Hence every
//! request carries a deadline; where it passes, where the process dies or says
//! something that is no reply, the process is killed and the request fails with
//! a [`ReferenceError`] that says which of these it was. The next request
//! starts a fresh process and compiles the units it needs again from the texts
//! kept here, so a caller never has to think of restarts. Nothing is retried by
//! itself: whether a failure is the pack's or the machine's fault is for the
//! caller to decide, who knows whether the same request has worked before.
//!
//! The process is a child of the thread that starts it and is killed by the
//! kernel when that thread ends.

use gradien_sandbox::child::{ChildError, Deadline};
use gradien_sandbox::frame::{self, FrameError};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::fault::Fault;
use super::process::Process;
use super::wire::{
    Batching, CheckCase, Checked, Device, Evaluation, Hello, Reply, Request, Returned, Signature,
    SourceFile,
};

#[derive(Debug, thiserror::Error)]
pub enum ReferenceError {
    #[error("the reference process cannot be started ({})", binary.display())]
    Start { binary: PathBuf, source: io::Error },
    #[error("the reference process is of version {found}, this is {expected}")]
    OtherVersion {
        found: String,
        expected: &'static str,
    },
    /// The pack's text is at fault, not the process.
    #[error("the reference is at fault")]
    Fault(#[from] Fault),
    #[error("the reference took more than {wall_ms} ms")]
    Deadline { wall_ms: u64 },
    #[error(
        "the reference process ended unexpectedly ({status}){}",
        stderr_suffix(stderr)
    )]
    Died { status: String, stderr: String },
    #[error("the reference process and its caller do not understand each other")]
    Protocol(#[source] FrameError),
    #[error("the reference process answered another question than was asked")]
    WrongReply,
}

impl From<ChildError> for ReferenceError {
    fn from(error: ChildError) -> ReferenceError {
        match error {
            ChildError::Stalled { wall_ms } => ReferenceError::Deadline { wall_ms },
            ChildError::Died { status, stderr } => ReferenceError::Died { status, stderr },
            ChildError::Protocol(source) => ReferenceError::Protocol(source),
        }
    }
}

impl ReferenceError {
    /// The fault in the pack's text, where that is what went wrong.
    pub fn find_fault(&self) -> Option<&Fault> {
        match self {
            ReferenceError::Fault(fault) => Some(fault),
            _ => None,
        }
    }
}

fn stderr_suffix(stderr: &str) -> String {
    match stderr.trim() {
        "" => String::new(),
        text => format!(": {text}"),
    }
}

#[derive(Debug, Clone)]
pub struct ReferenceConfig {
    /// `gradien-reference`.
    pub binary: PathBuf,
    /// `libtorch_cuda.so`, as a path or a bare name, where CUDA is to be used.
    pub cuda_library: Option<PathBuf>,
    /// Handed on as LD_LIBRARY_PATH, for a libtorch elsewhere than at build time.
    pub library_path: Option<OsString>,
    /// What the process may allocate after its start, on the CPU.
    pub memory_bytes: u64,
    /// It runs networks with the weights of students, not references.
    pub serves_models: bool,
    /// Until the first word of the process. Reading libtorch from a cold disk takes a while.
    pub start_wall_ms: u64,
}

impl ReferenceConfig {
    /// CPU only, 4 GiB.
    pub fn new(binary: impl Into<PathBuf>) -> ReferenceConfig {
        ReferenceConfig {
            binary: binary.into(),
            cuda_library: None,
            library_path: None,
            memory_bytes: 4 << 30,
            serves_models: false,
            start_wall_ms: 60_000,
        }
    }
}

/// A reference process that is there when it is needed.
pub struct Reference {
    config: ReferenceConfig,
    process: Option<Process>,
    hello: Hello,
    start_wall_ms: u64,
    /// The texts of all units, to compile them again after a restart.
    units: BTreeMap<String, Vec<SourceFile>>,
}

impl Reference {
    /// Starts the process and waits until it has locked itself.
    pub fn start(config: ReferenceConfig) -> Result<Reference, ReferenceError> {
        let begun = Instant::now();
        let (process, hello) = Process::start(&config)?;
        let start_wall_ms = begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
        Ok(Reference {
            config,
            process: Some(process),
            hello,
            start_wall_ms,
            units: BTreeMap::new(),
        })
    }

    /// What the process said of itself when it was last started.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// How long the first start took, until the process had locked itself.
    pub fn start_wall_ms(&self) -> u64 {
        self.start_wall_ms
    }

    /// The process id, where a process is alive.
    pub fn find_pid(&self) -> Option<u32> {
        self.process.as_ref().map(|process| process.id())
    }

    /// Compiles files into one namespace named `unit`, replacing what had that name.
    pub fn compile(
        &mut self,
        unit: &str,
        files: Vec<SourceFile>,
        deadline: Duration,
    ) -> Result<Vec<Signature>, ReferenceError> {
        self.units.remove(unit);
        let functions = self.compile_now(unit, &files, Deadline::within(deadline))?;
        self.units.insert(unit.to_owned(), files);
        Ok(functions)
    }

    /// Drops a unit. Unknown ones are fine.
    pub fn forget(&mut self, unit: &str, deadline: Duration) -> Result<(), ReferenceError> {
        self.units.remove(unit);
        let known = self
            .process
            .as_mut()
            .is_some_and(|process| process.compiled.remove(unit));
        if !known {
            return Ok(());
        }
        let request = Request::Forget {
            unit: unit.to_owned(),
        };
        match self.exchange(&request, Deadline::within(deadline))? {
            Reply::Forgotten => Ok(()),
            _ => Err(self.misunderstood()),
        }
    }

    /// Calls a function once for each case. A fault of one case is that case's
    /// result; a fault of the whole (no such function) is the error.
    pub fn evaluate(
        &mut self,
        evaluation: Evaluation,
        deadline: Duration,
    ) -> Result<(Vec<Result<Returned, Fault>>, Batching), ReferenceError> {
        let deadline = Deadline::within(deadline);
        let count = evaluation.cases.len();
        self.compile_if_lost(&evaluation.unit, deadline)?;
        match self.exchange(&Request::Evaluate(evaluation), deadline)? {
            Reply::Evaluated { cases, batching } if cases.len() == count => Ok((cases, batching)),
            _ => Err(self.misunderstood()),
        }
    }

    /// Has a checker judge outputs, one result for each case.
    pub fn check(
        &mut self,
        unit: &str,
        function: &str,
        cases: Vec<CheckCase>,
        device: Device,
        deadline: Duration,
    ) -> Result<Vec<Result<Checked, Fault>>, ReferenceError> {
        let deadline = Deadline::within(deadline);
        let count = cases.len();
        self.compile_if_lost(unit, deadline)?;
        let (unit, function) = (unit.to_owned(), function.to_owned());
        let request = Request::Check {
            unit,
            function,
            cases,
            device,
        };
        match self.exchange(&request, deadline)? {
            Reply::Checked { cases } if cases.len() == count => Ok(cases),
            _ => Err(self.misunderstood()),
        }
    }

    /// After a restart the new process knows no unit: compiles the one that is needed.
    fn compile_if_lost(&mut self, unit: &str, deadline: Deadline) -> Result<(), ReferenceError> {
        let there = self
            .process
            .as_ref()
            .is_some_and(|process| process.compiled.contains(unit));
        match self.units.get(unit) {
            Some(files) if !there => {
                let files = files.clone();
                self.compile_now(unit, &files, deadline).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    fn compile_now(
        &mut self,
        unit: &str,
        files: &[SourceFile],
        deadline: Deadline,
    ) -> Result<Vec<Signature>, ReferenceError> {
        let request = Request::Compile {
            unit: unit.to_owned(),
            files: files.to_vec(),
        };
        match self.exchange(&request, deadline)? {
            Reply::Compiled { functions } => {
                if let Some(process) = &mut self.process {
                    process.compiled.insert(unit.to_owned());
                }
                Ok(functions)
            }
            _ => Err(self.misunderstood()),
        }
    }

    /// Asks and waits for the answer. The time a restart takes is not the request's.
    fn exchange(
        &mut self,
        request: &Request,
        mut deadline: Deadline,
    ) -> Result<Reply, ReferenceError> {
        let bytes = frame::encode_frame(request).map_err(ReferenceError::Protocol)?;
        if self.process.is_none() {
            let begun = Instant::now();
            let (process, hello) = Process::start(&self.config)?;
            self.process = Some(process);
            self.hello = hello;
            deadline.until += begun.elapsed();
        }
        let process = self.process.as_mut().expect("started above");
        match process.exchange(&bytes, deadline) {
            Ok(Reply::Refused(fault)) => Err(fault.into()),
            Ok(reply) => Ok(reply),
            Err(error) => {
                self.process = None;
                Err(error.into())
            }
        }
    }

    /// A reply of the wrong kind: the process is not to be trusted any more.
    fn misunderstood(&mut self) -> ReferenceError {
        self.process = None;
        ReferenceError::WrongReply
    }
}
