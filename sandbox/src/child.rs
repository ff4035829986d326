//! A child process that is spoken to in frames, with deadlines: how it is started,
//! asked, and what became of it where it does not answer.
//!
//! Both pipes are waited for with `poll`, so that a child which neither reads nor
//! writes holds nobody for ever; what it says on standard error is read only
//! after its end, and a full pipe loses the words, not the child.

use crate::deadline::Deadlined;
use crate::frame::{FrameError, read_frame};
use serde::de::DeserializeOwned;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Of the last words on standard error.
const MAX_WORDS: usize = 4096;
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

/// By when an answer must be there.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    pub until: Instant,
    /// How long that was from the beginning: what the error tells.
    pub wall: Duration,
}

impl Deadline {
    pub fn within(wall: Duration) -> Deadline {
        Deadline {
            until: Instant::now() + wall,
            wall,
        }
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
    /// A command with an empty environment, for [`Child::spawn`].
    pub fn command(binary: &Path) -> Command {
        let mut command = Command::new(binary);
        command.env_clear();
        command
    }

    /// With pipes for all that it says and hears.
    pub fn spawn(mut command: Command) -> io::Result<Child> {
        let (stderr, stderr_end) = io::pipe()?;
        rustix::io::ioctl_fionbio(&stderr, true)?;
        rustix::io::ioctl_fionbio(&stderr_end, true)?;
        let mut process = command
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

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Writes an encoded frame and waits for the answer, both by the deadline.
    ///
    /// # Errors
    /// After one the child is of no more use.
    pub fn exchange<T: DeserializeOwned>(
        &mut self,
        frame: &[u8],
        max_bytes: usize,
        deadline: Deadline,
    ) -> Result<T, ChildError> {
        let mut writer = Deadlined {
            pipe: &mut self.stdin,
            until: deadline.until,
        };
        let written = writer.write_all(frame).and_then(|()| writer.flush());
        written.map_err(|error| self.explain(error.into(), deadline.wall))?;
        self.read(max_bytes, deadline)
    }

    /// # Errors
    /// After one the child is of no more use.
    pub fn read<T: DeserializeOwned>(
        &mut self,
        max_bytes: usize,
        deadline: Deadline,
    ) -> Result<T, ChildError> {
        let mut reader = Deadlined {
            pipe: &mut self.stdout,
            until: deadline.until,
        };
        let read = read_frame(&mut reader, max_bytes);
        read.map_err(|error| self.explain(error, deadline.wall))
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
        ChildError::Died {
            status: self.wait_briefly(),
            stderr: self.last_words(),
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

    /// The end of what stands in the pipe, which holds 64 KiB at the most. It does
    /// not block: at its end for now it says so with an error.
    fn last_words(&mut self) -> String {
        let mut words = Vec::new();
        let _ = self.stderr.read_to_end(&mut words);
        let from = words.len().saturating_sub(MAX_WORDS);
        String::from_utf8_lossy(&words[from..]).into_owned()
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
    use crate::frame::encode_frame;

    fn child(script: &str) -> Child {
        let mut command = Child::command(Path::new("/bin/sh"));
        command.arg("-c").arg(script);
        Child::spawn(command).unwrap()
    }

    #[test]
    fn frames_go_both_ways() {
        let mut echo = child("exec /bin/cat");
        let deadline = Deadline::within(Duration::from_secs(20));
        // More than a pipe holds would need a reader at the same time: `cat` is none.
        for text in ["", "one", "two"] {
            let frame = encode_frame(&text).unwrap();
            assert_eq!(
                echo.exchange::<String>(&frame, 100, deadline).unwrap(),
                text
            );
        }
    }

    #[test]
    fn silence_death_and_nonsense_are_told_apart() {
        let brief = Deadline::within(Duration::from_millis(50));
        let silent = child("exec /bin/sleep 60").read::<u8>(9, brief);
        assert!(matches!(silent, Err(ChildError::Stalled { wall_ms: 50 })));
        let deadline = Deadline::within(Duration::from_secs(20));
        let dead = child("echo woe >&2; exit 3").read::<u8>(9, deadline);
        let Err(ChildError::Died { status, stderr }) = dead else {
            panic!("{dead:?}");
        };
        assert!(status.contains('3'), "{status}");
        assert_eq!(stderr, "woe\n");
        let nonsense =
            child("printf '\\377\\377\\377\\377'; exec /bin/sleep 60").read::<u8>(9, deadline);
        assert!(matches!(nonsense, Err(ChildError::Protocol(_))));
    }
}
