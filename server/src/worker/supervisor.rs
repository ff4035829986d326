//! A grader process and the conversation with it.
//!
//! It has a process group of its own. Whatever goes wrong (it dies, it says
//! nonsense, a deadline passes), the whole group is killed with the value that
//! stands for it, and the caller starts another: a grader is never mended. It
//! is given no environment but what it needs, so no setting of the server's.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use gradien_problems::protocol::{
    Hello, MAX_FRAME_BYTES, PROTOCOL_VERSION, Progress, Request, Response,
};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::time::{Instant, timeout_at};
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

/// Until a new grader says hello: it loads the guest image before.
const HELLO_WITHIN: Duration = Duration::from_secs(60);
/// Of one line that a grader writes to its log.
const MAX_LOG_LINE_CHARS: usize = 2_000;

/// SHA-256 of the guest image that this server was built with, and the only one whose
/// verdicts it takes: limits are calibrated on it.
pub const EXPECTED_GUEST: &str =
    include_str!("../../../sandbox/guest/snapshot.sha256").trim_ascii();

/// Variables that a grader is given, where they are set.
const ENVIRONMENT: [&str; 14] = [
    "PATH",
    "HOME",
    "LANG",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "LD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_VISIBLE_DEVICES",
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "RUST_LOG",
    "RUST_BACKTRACE",
    "GRADIEN_CACHE",
    "GRADIEN_GUEST",
];

/// How a grader is started.
#[derive(Debug, Clone)]
pub struct GraderCommand {
    pub program: PathBuf,
    pub arguments: Vec<OsString>,
    pub guest: Option<PathBuf>,
    /// As `nice` counts: 0 is what the server has, 19 goes last.
    pub niceness: i32,
}

/// Why a grader gave no answer. It is not to be used any more.
#[derive(Debug, thiserror::Error)]
pub enum SupervisorError {
    #[error("{} cannot be started", .program.display())]
    Start {
        program: PathBuf,
        source: std::io::Error,
    },
    #[error(
        "the grader speaks protocol {theirs}, this server {PROTOCOL_VERSION}; install both from one build"
    )]
    Version { theirs: u32 },
    #[error(
        "the grader runs the guest image {theirs}, this server takes verdicts of {EXPECTED_GUEST} only; compile the guest image that belongs to this build"
    )]
    Guest { theirs: String },
    #[error("the grader ended ({status})")]
    Died { status: String },
    #[error("the grader said what it may not: {what}")]
    Protocol { what: String },
    #[error("the grader gave no answer within {} s", .limit.as_secs())]
    Deadline { limit: Duration },
}

pub struct Supervisor {
    child: Child,
    input: FramedWrite<ChildStdin, LengthDelimitedCodec>,
    output: FramedRead<ChildStdout, LengthDelimitedCodec>,
    pub hello: Hello,
}

impl Supervisor {
    /// Starts a grader and waits for its hello.
    pub async fn start(command: &GraderCommand) -> Result<Supervisor, SupervisorError> {
        let failed = |source| SupervisorError::Start {
            program: command.program.clone(),
            source,
        };
        let mut process = Command::new(&command.program);
        process
            .args(&command.arguments)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        for name in ENVIRONMENT {
            if let Some(value) = std::env::var_os(name) {
                process.env(name, value);
            }
        }
        if let Some(guest) = &command.guest {
            process.env("GRADIEN_GUEST", guest);
        }
        let mut child = process.spawn().map_err(failed)?;
        if command.niceness != 0 {
            be_nice(&child, command.niceness);
        }
        let missing = || failed(std::io::Error::other("its pipes are missing"));
        let (input, output) = (
            child.stdin.take().ok_or_else(missing)?,
            child.stdout.take().ok_or_else(missing)?,
        );
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(log_lines(stderr, child.id()));
        }
        let mut supervisor = Supervisor {
            child,
            input: FramedWrite::new(input, codec()),
            output: FramedRead::new(output, codec()),
            hello: Hello {
                protocol_version: 0,
                guest_hash: String::new(),
                sandbox_version: String::new(),
                walls: Vec::new(),
            },
        };
        let deadline = Instant::now() + HELLO_WITHIN;
        match supervisor.receive(deadline, HELLO_WITHIN).await? {
            Response::Hello(hello) if hello.protocol_version != PROTOCOL_VERSION => {
                Err(SupervisorError::Version {
                    theirs: hello.protocol_version,
                })
            }
            Response::Hello(hello) if hello.guest_hash != EXPECTED_GUEST => {
                Err(SupervisorError::Guest {
                    theirs: hello.guest_hash.chars().take(64).collect(),
                })
            }
            Response::Hello(hello) => {
                tracing::info!(
                    pid = supervisor.child.id(),
                    guest = hello.guest_hash,
                    sandbox = hello.sandbox_version,
                    walls = hello.walls.join(", "),
                    "grader ready"
                );
                supervisor.hello = hello;
                Ok(supervisor)
            }
            _ => Err(protocol("its first word is no hello")),
        }
    }

    /// Whether the process has not ended yet.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks, and gives the one answer that is no progress.
    ///
    /// # Errors
    /// After any, the grader must be dropped.
    pub async fn ask(
        &mut self,
        request: &Request,
        limit: Duration,
        mut on_progress: impl FnMut(Progress),
    ) -> Result<Response, SupervisorError> {
        let deadline = Instant::now() + limit;
        let frame = rmp_serde::to_vec_named(request)
            .map_err(|error| protocol(format!("a request cannot be written: {error}")))?;
        let sent = timeout_at(deadline, self.input.send(Bytes::from(frame))).await;
        match sent {
            Err(_) => return Err(SupervisorError::Deadline { limit }),
            Ok(Err(_)) => return Err(self.died().await),
            Ok(Ok(())) => {}
        }
        loop {
            match self.receive(deadline, limit).await? {
                Response::Progress(progress) => on_progress(progress),
                Response::Hello(_) => return Err(protocol("it greets twice")),
                answer => return Ok(answer),
            }
        }
    }

    async fn receive(
        &mut self,
        deadline: Instant,
        limit: Duration,
    ) -> Result<Response, SupervisorError> {
        match timeout_at(deadline, self.output.next()).await {
            Err(_) => Err(SupervisorError::Deadline { limit }),
            Ok(None) => Err(self.died().await),
            Ok(Some(Err(error))) => Err(protocol(error.to_string())),
            Ok(Some(Ok(frame))) => {
                rmp_serde::from_slice(&frame).map_err(|error| protocol(error.to_string()))
            }
        }
    }

    /// How it ended; it closed its pipes a moment ago.
    async fn died(&mut self) -> SupervisorError {
        let ended = tokio::time::timeout(Duration::from_secs(1), self.child.wait()).await;
        let status = match ended {
            Ok(Ok(status)) => status.to_string(),
            _ => "its pipes are closed".into(),
        };
        SupervisorError::Died { status }
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // The id is there only while the process is not reaped, so it cannot
        // have become another's.
        if let Some(pid) = self.child.id().and_then(|pid| i32::try_from(pid).ok()) {
            let _ = killpg(Pid::from_raw(pid), Signal::SIGKILL);
        }
    }
}

/// Its own children inherit it. A machine that does not let us is no reason not to
/// go on.
fn be_nice(child: &Child, niceness: i32) {
    let pid = child.id().and_then(|pid| i32::try_from(pid).ok());
    let pid = pid.and_then(rustix::process::Pid::from_raw);
    if let Err(error) = rustix::process::setpriority_process(pid, niceness) {
        tracing::warn!(%error, "a grader cannot be made nice");
    }
}

fn codec() -> LengthDelimitedCodec {
    LengthDelimitedCodec::builder()
        .little_endian()
        .length_field_type::<u32>()
        .max_frame_length(MAX_FRAME_BYTES)
        .new_codec()
}

fn protocol(what: impl Into<String>) -> SupervisorError {
    SupervisorError::Protocol { what: what.into() }
}

/// What the grader writes to its standard error goes to our log, each line as a
/// quoted field, so that nothing in it can pass for a line of ours.
async fn log_lines(stderr: ChildStderr, pid: Option<u32>) {
    let mut lines = BufReader::new(stderr).split(b'\n');
    while let Ok(Some(line)) = lines.next_segment().await {
        let line: String = String::from_utf8_lossy(&line)
            .chars()
            .take(MAX_LOG_LINE_CHARS)
            .collect();
        tracing::info!(target: "grader", pid, line);
    }
}
