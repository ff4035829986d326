//! The caller's side of a runner: starts the process, gives it jobs, and never
//! waits for it longer than a job may take.
//!
//! Nothing is retried here: a runner that died, stalled or spoke nonsense is
//! killed and the error says which; the caller knows whether to try again.

use crate::deadline::Deadlined;
use crate::frame::{FrameError, encode_frame, read_frame};
use crate::job::{Job, Outcome, Status};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

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
    #[error("the sandbox failed: {detail}")]
    Fault { detail: String },
}

impl SandboxError {
    /// For an outcome that the runner itself called a fault.
    pub fn fault(detail: String) -> SandboxError {
        SandboxError::Fault { detail }
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

/// A runner process, killed and reaped when dropped.
pub struct Runner {
    config: RunnerConfig,
    process: Process,
    info: RunnerInfo,
    jobs: u32,
}

struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    stderr: io::PipeReader,
}

impl Runner {
    /// Starts a runner and waits until it has locked itself. The process is killed
    /// when the *thread* that started it ends (that is how Linux ties a child to its
    /// parent), so a runner belongs to the thread that made it.
    pub fn spawn(config: &RunnerConfig) -> Result<Runner, SandboxError> {
        let (process, info) = Process::start(config)?;
        Ok(Runner {
            config: config.clone(),
            process,
            info,
            jobs: 0,
        })
    }

    pub fn info(&self) -> &RunnerInfo {
        &self.info
    }

    pub fn pid(&self) -> u32 {
        self.process.child.id()
    }

    /// Runs one job. After an error this runner is of no more use; after a fault that it
    /// told itself it is replaced before the next job, as after so many jobs.
    pub fn run(&mut self, job: &Job) -> Result<Outcome, SandboxError> {
        if self.jobs >= self.config.max_jobs {
            let (process, info) = Process::start(&self.config)?;
            (self.process, self.info, self.jobs) = (process, info, 0);
        }
        self.jobs += 1;
        let wall = Duration::from_millis(job.limits.wall_ms) + GRACE;
        let until = Instant::now() + wall;
        let outcome = self
            .process
            .exchange(job, until)
            .map_err(|error| self.process.explain(error, wall))?;
        if matches!(outcome.status, Status::SandboxFault { .. }) {
            self.jobs = self.config.max_jobs;
        }
        Ok(outcome)
    }
}

impl Process {
    fn start(config: &RunnerConfig) -> Result<(Process, RunnerInfo), SandboxError> {
        let start = |source| SandboxError::Start {
            binary: config.binary.clone(),
            source,
        };
        let mut process = Process::spawn(config).map_err(start)?;
        let until = Instant::now() + START_WALL;
        let read = read_frame(
            &mut Deadlined {
                pipe: &mut process.stdout,
                until,
            },
            1 << 20,
        );
        match read {
            Ok(info) => Ok((process, info)),
            Err(error) => Err(process.explain(error, START_WALL)),
        }
    }

    fn spawn(config: &RunnerConfig) -> io::Result<Process> {
        let (stderr, stderr_end) = io::pipe()?;
        rustix::io::ioctl_fionbio(&stderr, true)?;
        rustix::io::ioctl_fionbio(&stderr_end, true)?;
        let mut child = Command::new(&config.binary)
            .env_clear()
            .arg("serve")
            .arg("--guest")
            .arg(&config.guest)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr_end)
            .spawn()?;
        let piped = || io::Error::other("a pipe is missing");
        let stdin = child.stdin.take().ok_or_else(piped)?;
        let stdout = child.stdout.take().ok_or_else(piped)?;
        rustix::io::ioctl_fionbio(&stdin, true)?;
        Ok(Process {
            child,
            stdin,
            stdout,
            stderr,
        })
    }

    fn exchange(&mut self, job: &Job, until: Instant) -> Result<Outcome, FrameError> {
        let request = encode_frame(job)?;
        let mut writer = Deadlined {
            pipe: &mut self.stdin,
            until,
        };
        writer.write_all(&request)?;
        writer.flush()?;
        read_frame(
            &mut Deadlined {
                pipe: &mut self.stdout,
                until,
            },
            MAX_FRAME_BYTES,
        )
    }

    fn explain(&mut self, error: FrameError, wall: Duration) -> SandboxError {
        let closed = match &error {
            FrameError::Io(source) if source.kind() == io::ErrorKind::TimedOut => {
                let wall_ms = wall.as_millis().try_into().unwrap_or(u64::MAX);
                return SandboxError::Stalled { wall_ms };
            }
            FrameError::Io(source) => {
                matches!(
                    source.kind(),
                    io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof
                )
            }
            FrameError::Closed => true,
            _ => false,
        };
        if !closed {
            return SandboxError::Protocol(error);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        let mut words = Vec::new();
        let _ = (&mut self.stderr).take(4096).read_to_end(&mut words);
        SandboxError::Died {
            stderr: String::from_utf8_lossy(&words).into_owned(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
