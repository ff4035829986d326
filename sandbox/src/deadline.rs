//! Reading from and writing to a child's pipes with a deadline. Both ends wait
//! with `poll`, so a child that neither reads nor writes cannot hold its caller
//! for ever, and the caller needs no second thread.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

/// A pipe that fails with [`io::ErrorKind::TimedOut`] at `until`. Its file
/// descriptor must be non-blocking for writing.
pub struct Deadlined<'a, P> {
    pub pipe: &'a mut P,
    pub until: Instant,
}

impl<P: AsFd> Deadlined<'_, P> {
    fn wait(&self, flags: PollFlags) -> io::Result<()> {
        loop {
            let rest = self.until.saturating_duration_since(Instant::now());
            if rest.is_zero() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let mut polled = [PollFd::new(&*self.pipe, flags)];
            match poll(&mut polled, Some(&timespec(rest))) {
                Ok(0) => {}
                Ok(_) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn timespec(duration: Duration) -> Timespec {
    Timespec {
        tv_sec: duration.as_secs().try_into().unwrap_or(i64::MAX),
        tv_nsec: duration.subsec_nanos().into(),
    }
}

impl<P: Read + AsFd> Read for Deadlined<'_, P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.wait(PollFlags::IN)?;
        self.pipe.read(buffer)
    }
}

impl<P: Write + AsFd> Write for Deadlined<'_, P> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            self.wait(PollFlags::OUT)?;
            match self.pipe.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                other => return other,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pipe.flush()
    }
}
