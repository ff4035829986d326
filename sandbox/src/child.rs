//! A child process that is spoken to in frames, with deadlines: how it is started,
//! asked, and what became of it where it does not answer.
//!
//! Both pipes are waited for with `poll`, so that a child which neither reads nor
//! writes holds nobody for ever; what it says on standard error is read only
//! after its end, and a full pipe loses the words, not the child.

use crate::deadline::Deadlined;
use crate::frame::{FrameError, encode_frame, read_frame};
use serde::{Serialize, de::DeserializeOwned};
use std::io::{self, Read, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Of the last words on standard error.
const MAX_WORDS: u64 = 4096;
/// A child that has closed its pipes is at its end; how it ended is worth a moment.
const END_WALL: Duration = Duration::from_secs(1);

#[derive(Debug, thiserror::Error)]
pub enum ChildError {
    #[error("it did not answer within {wall_ms} ms")]
    Stalled { wall_ms: u64 },
    #[error("it ended unexpectedly ({status}){}", suffix(.stderr))]
    Died { status: String, stderr: String },
    #[error("it and its caller do not understand each other")]
    Protocol(#[source] FrameError),
}

fn suffix(stderr: &str) -> String {
    match stderr.trim() {
        "" => String::new(),
        text => format!(": {text}"),
    }
}

/// Killed and reaped when dropped. The kernel kills it too when the *thread* that
/// started it ends, if it has asked for that (`lockdown` does).
pub struct Child {
    process: std::process::Child,
    stdin: ChildStdin,
    stdout: ChildStdout,
    stderr: io::PipeReader,
}

impl Child {
    /// With an empty environment, and pipes for all that it says and hears.
    pub fn spawn(mut command: Command) -> io::Result<Child> {
        let (stderr, stderr_end) = io::pipe()?;
        rustix::io::ioctl_fionbio(&stderr, true)?;
        rustix::io::ioctl_fionbio(&stderr_end, true)?;
        let mut process = command
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(stderr_end)
            .spawn()?;
        // The command holds our copy of the pipe's writing end.
        drop(command);
        let missing = || io::Error::other("a pipe is missing");
        let stdin = process.stdin.take().ok_or_else(missing)?;
        let stdout = process.stdout.take().ok_or_else(missing)?;
        rustix::io::ioctl_fionbio(&stdin, true)?;
        Ok(Child {
            process,
            stdin,
            stdout,
            stderr,
        })
    }

    /// # Errors
    /// After one the child is of no more use.
    pub fn write<T: Serialize>(&mut self, value: &T, wall: Duration) -> Result<(), ChildError> {
        let bytes = encode_frame(value).map_err(ChildError::Protocol)?;
        let mut writer = Deadlined {
            pipe: &mut self.stdin,
            until: Instant::now() + wall,
        };
        let written = writer.write_all(&bytes).and_then(|()| writer.flush());
        written.map_err(|error| self.explain(error.into(), wall))
    }

    /// # Errors
    /// After one the child is of no more use.
    pub fn read<T: DeserializeOwned>(
        &mut self,
        max_bytes: usize,
        wall: Duration,
    ) -> Result<T, ChildError> {
        let mut reader = Deadlined {
            pipe: &mut self.stdout,
            until: Instant::now() + wall,
        };
        let read = read_frame(&mut reader, max_bytes);
        read.map_err(|error| self.explain(error, wall))
    }

    fn explain(&mut self, error: FrameError, wall: Duration) -> ChildError {
        let closed = match &error {
            FrameError::Io(source) if source.kind() == io::ErrorKind::TimedOut => {
                let wall_ms = wall.as_millis().try_into().unwrap_or(u64::MAX);
                return ChildError::Stalled { wall_ms };
            }
            FrameError::Io(source) => matches!(
                source.kind(),
                io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof
            ),
            FrameError::Closed => true,
            _ => false,
        };
        if !closed {
            return ChildError::Protocol(error);
        }
        let status = self.wait_briefly();
        let mut words = Vec::new();
        // The pipe does not block: at its end for now it says so with an error.
        let _ = (&mut self.stderr).take(MAX_WORDS).read_to_end(&mut words);
        ChildError::Died {
            status,
            stderr: String::from_utf8_lossy(&words).into_owned(),
        }
    }

    fn wait_briefly(&mut self) -> String {
        let until = Instant::now() + END_WALL;
        loop {
            match self.process.try_wait() {
                Ok(Some(status)) => return status.to_string(),
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(5)),
                _ => return "no exit status".to_owned(),
            }
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn child(script: &str) -> Child {
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(script);
        Child::spawn(command).unwrap()
    }

    #[test]
    fn frames_go_both_ways() {
        let mut echo = child("exec /bin/cat");
        let wall = Duration::from_secs(20);
        // More than a pipe holds would need a reader at the same time: `cat` is none.
        for text in ["", "one", "two"] {
            echo.write(&text, wall).unwrap();
            assert_eq!(echo.read::<String>(100, wall).unwrap(), text);
        }
    }

    #[test]
    fn silence_death_and_nonsense_are_told_apart() {
        let brief = Duration::from_millis(50);
        let silent = child("exec /bin/sleep 60").read::<u8>(9, brief);
        assert!(matches!(silent, Err(ChildError::Stalled { wall_ms: 50 })));
        let wall = Duration::from_secs(20);
        let dead = child("echo woe >&2; exit 3").read::<u8>(9, wall);
        let Err(ChildError::Died { status, stderr }) = dead else {
            panic!("{dead:?}");
        };
        assert!(status.contains('3'), "{status}");
        assert_eq!(stderr, "woe\n");
        let nonsense =
            child("printf '\\377\\377\\377\\377'; exec /bin/sleep 60").read::<u8>(9, wall);
        assert!(matches!(nonsense, Err(ChildError::Protocol(_))));
    }
}
