//! The second wall: what a child process gives up before it reads a foreign byte.
//!
//! Theory of operation. Each step is taken by doing it and noting whether it
//! worked; nothing is believed from version numbers. [`isolate`] comes first,
//! while the process has one thread: new user, network, IPC and mount namespaces.
//! Then the process loads what it needs. [`apply`] closes the door behind it:
//! no new privileges, death with the parent, resource limits, landlock (no file
//! but those named), and last seccomp, over all threads: an allow-list of system
//! calls. A call outside the list fails with EPERM; one that only an intruder makes
//! ends the process, so that its parent sees that something was wrong.
//!
//! A machine may refuse a step — containers often do. What was obtained is in
//! [`Walls`], which `doctor` prints. seccomp and no-new-privileges are not
//! optional: without them [`apply`] fails.

mod files;
mod limits;
mod syscalls;

use std::fmt;
use std::path::PathBuf;

/// How much a process gives up.
#[derive(Debug, Clone)]
pub enum Policy {
    /// Runs students' programs: pipes and memory, nothing else; no new executable
    /// memory.
    Runner,
    /// Runs libtorch: threads, reading below the given paths, and the device
    /// nodes where CUDA is used.
    Reference {
        read_paths: Vec<PathBuf>,
        device_paths: Vec<PathBuf>,
    },
    /// Parses foreign files that it is handed through a pipe.
    Inspect,
    /// Unpacks a foreign archive: reads and writes plain files and folders below
    /// this one.
    Unpack {
        folder: PathBuf,
        /// Longest file that can be written.
        file_bytes: u64,
        /// Processor time after which the process is killed.
        cpu_s: u64,
    },
}

#[derive(Debug, thiserror::Error)]
pub enum LockdownError {
    #[error("this machine does not let a process give up its privileges")]
    NoNewPrivileges(#[source] std::io::Error),
    #[error("the system-call filter cannot be built")]
    Filter(#[source] seccompiler::BackendError),
    #[error("this machine refuses a system-call filter (seccomp)")]
    Seccomp(#[source] seccompiler::Error),
}

/// Which walls stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walls(Vec<Wall>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wall {
    pub name: &'static str,
    /// `Err` says why it does not stand.
    pub state: Result<String, String>,
}

impl Walls {
    pub(crate) fn note(&mut self, name: &'static str, state: Result<String, String>) {
        self.0.push(Wall { name, state });
    }

    pub fn list(&self) -> &[Wall] {
        &self.0
    }

    /// One line for each wall.
    pub fn lines(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    pub fn extend(&mut self, other: Walls) {
        self.0.extend(other.0);
    }
}

impl fmt::Display for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.state {
            Ok(what) => write!(f, "{}: {what}", self.name),
            Err(why) => write!(f, "{}: MISSING ({why})", self.name),
        }
    }
}

/// Closes all but the standard three: whatever else the parent had open is none of
/// our business. Call it before anything is opened.
pub fn close_inherited() {
    // SAFETY: nothing of this process uses a descriptor beyond the standard three yet.
    unsafe { libc::close_range(3, libc::c_uint::MAX, 0) };
}

/// New namespaces; call it while the process has a single thread.
pub fn isolate() -> Walls {
    let mut walls = Walls::default();
    let flags = libc::CLONE_NEWUSER | libc::CLONE_NEWNET | libc::CLONE_NEWIPC | libc::CLONE_NEWNS;
    // SAFETY: unshare takes no pointers; it changes only what this process may reach.
    let state = match unsafe { libc::unshare(flags) } {
        0 => Ok("user, network, IPC and mount namespaces".into()),
        _ => Err(std::io::Error::last_os_error().to_string()),
    };
    walls.note("namespaces", state);
    walls
}

/// Locks the process, all its threads included.
pub fn apply(policy: &Policy) -> Result<Walls, LockdownError> {
    let mut walls = Walls::default();
    limits::no_new_privileges(&mut walls)?;
    files::restrict(policy, &mut walls);
    limits::lower(policy, &mut walls);
    limits::drop_capabilities(&mut walls);
    // A change of credentials may clear it, so it comes after them.
    limits::die_with_parent(&mut walls);
    syscalls::filter(policy, &mut walls)?;
    Ok(walls)
}
