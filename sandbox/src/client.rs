//! The caller's side of a runner: starts the process, gives it jobs, and never
//! waits for it longer than a job may take.
//!
//! Nothing is retried here: a runner that died, stalled or spoke nonsense is
//! killed and the error says which; the caller knows whether to try again.

use crate::child::{Child, ChildError, Deadline};
use crate::frame::{FrameError, encode_frame};
use crate::job::{Job, Outcome};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a runner says of itself once it is locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunnerInfo {
    /// SHA-256 of the guest's snapshot.
    pub guest_hash: String,
    pub sandbox_version: String,
    /// The walls that the machine gave, one line each.
    pub walls: Vec<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error("the runner cannot be started ({})", .binary.display())]
    Start { binary: PathBuf, source: io::Error },
    #[error("the runner did not answer within {wall_ms} ms")]
    Stalled { wall_ms: u64 },
    #[error("the runner ended unexpectedly{}", suffix(.stderr))]
    Died { stderr: String },
    #[error("the runner and its caller do not understand each other")]
    Protocol(#[source] FrameError),
    #[error("the runner told {outcomes} outcomes of {calls} calls")]
    Miscounted { calls: u64, outcomes: usize },
    #[error("the sandbox failed: {detail}")]
    Fault { detail: String },
}

impl SandboxError {
    /// For an outcome that the runner itself called a fault.
    pub fn fault(detail: String) -> SandboxError {
        SandboxError::Fault { detail }
    }
}

impl From<ChildError> for SandboxError {
    fn from(error: ChildError) -> SandboxError {
        match error {
            ChildError::Stalled { wall_ms } => SandboxError::Stalled { wall_ms },
            ChildError::Died { stderr, .. } => SandboxError::Died { stderr },
            ChildError::Protocol(source) => SandboxError::Protocol(source),
        }
    }
}

fn suffix(stderr: &str) -> String {
    match stderr.trim() {
        "" => String::new(),
        text => format!(": {text}"),
    }
}

#[derive(Debug, Clone)]
pub struct RunnerConfig {
    /// `gradien-runner`.
    pub binary: PathBuf,
    /// The guest image, compiled for this machine.
    pub guest: PathBuf,
    /// A runner is replaced after so many jobs, whatever happened in them.
    pub max_jobs: u32,
}

impl RunnerConfig {
    pub fn new(binary: &Path, guest: &Path) -> RunnerConfig {
        RunnerConfig {
            binary: binary.into(),
            guest: guest.into(),
            max_jobs: 1_000,
        }
    }
}

/// Reading a large image from a cold disk takes a while.
const START_WALL: Duration = Duration::from_secs(60);
/// Beyond a job's own wall limit: for reading the request and writing the answer.
const GRACE: Duration = Duration::from_secs(5);
/// More than any result limit and its header.
const MAX_FRAME_BYTES: usize = 256 << 20;
const MAX_INFO_BYTES: usize = 1 << 20;

/// A runner process, killed and reaped when dropped.
pub struct Runner {
    config: RunnerConfig,
    child: Child,
    info: RunnerInfo,
    jobs: u32,
}

impl Runner {
    /// Starts a runner and waits until it has locked itself. The process is killed
    /// when the *thread* that started it ends (that is how Linux ties a child to its
    /// parent), so a runner belongs to the thread that made it.
    pub fn spawn(config: &RunnerConfig) -> Result<Runner, SandboxError> {
        let (child, info) = start(config)?;
        Ok(Runner {
            config: config.clone(),
            child,
            info,
            jobs: 0,
        })
    }

    pub fn info(&self) -> &RunnerInfo {
        &self.info
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Runs a job of one call; what [`run_all`](Self::run_all) says holds.
    pub fn run(&mut self, job: &Job) -> Result<Outcome, SandboxError> {
        let mut outcomes = self.run_all(job)?;
        Ok(outcomes.swap_remove(0))
    }

    /// Runs a job: an outcome for each call that was made, in order, at least one and at
    /// most as many as were asked for. After an error this runner is of no more use;
    /// after a fault that it told itself it is replaced before the next job, as after so
    /// many jobs.
    pub fn run_all(&mut self, job: &Job) -> Result<Vec<Outcome>, SandboxError> {
        if self.jobs >= self.config.max_jobs {
            let (child, info) = start(&self.config)?;
            (self.child, self.info, self.jobs) = (child, info, 0);
        }
        self.jobs += 1;
        let calls = 1 + job.again.len() as u64;
        let wall = Duration::from_millis(job.limits.wall_ms.saturating_mul(calls)) + GRACE;
        let request = encode_frame(job).map_err(SandboxError::Protocol)?;
        let outcomes: Vec<Outcome> =
            self.child
                .exchange(&request, MAX_FRAME_BYTES, Deadline::within(wall))?;
        if outcomes.is_empty() || outcomes.len() as u64 > calls {
            return Err(SandboxError::Miscounted {
                calls,
                outcomes: outcomes.len(),
            });
        }
        if outcomes.iter().any(|outcome| outcome.fault().is_some()) {
            self.jobs = self.config.max_jobs;
        }
        Ok(outcomes)
    }
}

fn start(config: &RunnerConfig) -> Result<(Child, RunnerInfo), SandboxError> {
    let mut command = Child::command(&config.binary);
    command.arg("serve").arg("--guest").arg(&config.guest);
    let mut child = Child::spawn(command).map_err(|source| SandboxError::Start {
        binary: config.binary.clone(),
        source,
    })?;
    let info = child.read(MAX_INFO_BYTES, Deadline::within(START_WALL))?;
    Ok((child, info))
}
