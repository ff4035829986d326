//! One reference process: starting it, asking it, and finding out what it died of.

use gradien_sandbox::deadline::Deadlined;
use gradien_sandbox::frame::{self, FrameError};
use serde::de::DeserializeOwned;
use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::client::{ReferenceConfig, ReferenceError};
use super::wire::{Hello, MAX_FRAME_BYTES};

/// One process that has said hello. Dropping it kills it.
pub(crate) struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    stderr: io::PipeReader,
    /// The units that it knows.
    pub(super) compiled: HashSet<String>,
}

impl Process {
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn start(config: &ReferenceConfig) -> Result<(Process, Hello), ReferenceError> {
        let process = Process::spawn(config).map_err(|source| ReferenceError::Start {
            binary: config.binary.clone(),
            source,
        })?;
        let deadline = Duration::from_millis(config.start_wall_ms);
        process.greet(Instant::now() + deadline, deadline)
    }

    fn spawn(config: &ReferenceConfig) -> io::Result<Process> {
        // Neither end may block: a full pipe loses the words, not the process.
        let (stderr, stderr_end) = io::pipe()?;
        rustix::io::ioctl_fionbio(&stderr, true)?;
        rustix::io::ioctl_fionbio(&stderr_end, true)?;
        let mut command = Command::new(&config.binary);
        command
            .env_clear()
            // Without it cuBLAS is not deterministic and says so with an error.
            .env("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
            .arg(format!("--memory-bytes={}", config.memory_bytes))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr_end);
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
        let mut child = command.spawn()?;
        // The command holds our copy of the pipe's writing end.
        drop(command);
        let stdin = child.stdin.take().expect("piped");
        let stdout = child.stdout.take().expect("piped");
        rustix::io::ioctl_fionbio(&stdin, true)?;
        Ok(Process {
            child,
            stdin,
            stdout,
            stderr,
            compiled: HashSet::new(),
        })
    }

    fn greet(
        mut self,
        until: Instant,
        deadline: Duration,
    ) -> Result<(Process, Hello), ReferenceError> {
        let mut reader = Deadlined {
            pipe: &mut self.stdout,
            until,
        };
        let hello: Hello = match frame::read_frame(&mut reader, 1 << 20) {
            Ok(hello) => hello,
            Err(error) => return Err(self.failed(error, deadline)),
        };
        let expected = env!("CARGO_PKG_VERSION");
        if hello.version != expected {
            return Err(ReferenceError::OtherVersion {
                found: hello.version,
                expected,
            });
        }
        Ok((self, hello))
    }

    /// Writes a frame and waits for the answer.
    pub(crate) fn exchange<R: DeserializeOwned>(
        &mut self,
        request: &[u8],
        until: Instant,
    ) -> Result<R, FrameError> {
        let mut writer = Deadlined {
            pipe: &mut self.stdin,
            until,
        };
        writer.write_all(request)?;
        writer.flush()?;
        frame::read_frame(
            &mut Deadlined {
                pipe: &mut self.stdout,
                until,
            },
            MAX_FRAME_BYTES,
        )
    }

    /// Ends the process after a failed exchange and says what the failure was.
    pub(crate) fn failed(mut self, error: FrameError, deadline: Duration) -> ReferenceError {
        let closed = match &error {
            FrameError::Io(source) if source.kind() == io::ErrorKind::TimedOut => {
                let wall_ms = deadline.as_millis().try_into().unwrap_or(u64::MAX);
                return ReferenceError::Deadline { wall_ms };
            }
            FrameError::Io(source) => matches!(
                source.kind(),
                io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof
            ),
            FrameError::Closed => true,
            _ => false,
        };
        if !closed {
            return ReferenceError::Protocol(error);
        }
        // It closed its pipes, so it is at its end; what it died of is worth a moment.
        let status = self.wait_briefly();
        let status =
            status.map_or_else(|| "no exit status".to_owned(), |status| status.to_string());
        ReferenceError::Died {
            status,
            stderr: self.last_words(),
        }
    }

    fn wait_briefly(&mut self) -> Option<ExitStatus> {
        for _ in 0..200 {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }

    /// What stands in the stderr pipe, cut to its last 4 KiB.
    fn last_words(&mut self) -> String {
        let mut words = Vec::new();
        let mut buffer = [0; 4096];
        while let Ok(count) = self.stderr.read(&mut buffer) {
            if count == 0 {
                break;
            }
            words.extend_from_slice(&buffer[..count]);
        }
        let from = words.len().saturating_sub(4096);
        String::from_utf8_lossy(&words[from..]).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
