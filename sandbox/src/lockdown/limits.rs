//! Privileges and resource limits.

use super::{LockdownError, Policy, Walls};
use rustix::thread::{CapabilitySet, CapabilitySets};
use std::io;

pub fn die_with_parent(walls: &mut Walls) {
    // SAFETY: PR_SET_PDEATHSIG takes a number.
    let set = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    let state = match set {
        0 => Ok("killed when the parent ends".into()),
        _ => Err(io::Error::last_os_error().to_string()),
    };
    walls.note("parent", state);
}

pub fn no_new_privileges(walls: &mut Walls) -> Result<(), LockdownError> {
    // SAFETY: PR_SET_NO_NEW_PRIVS takes numbers.
    match unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } {
        0 => walls.note("privileges", Ok("none can be gained".into())),
        _ => return Err(LockdownError::NoNewPrivileges(io::Error::last_os_error())),
    }
    // SAFETY: PR_SET_DUMPABLE takes a number. No core dump, no ptrace by the same user.
    unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0) };
    Ok(())
}

/// What a process that parses foreign files may map.
const INSPECT_BYTES: libc::rlim_t = 4 << 30;

/// Gives up what root, or a namespace of its own, let this process do.
pub fn drop_capabilities(walls: &mut Walls) {
    let none = CapabilitySets {
        effective: CapabilitySet::empty(),
        permitted: CapabilitySet::empty(),
        inheritable: CapabilitySet::empty(),
    };
    let state = match rustix::thread::set_capabilities(None, none) {
        Ok(()) => Ok("none".into()),
        Err(error) => Err(error.to_string()),
    };
    walls.note("capabilities", state);
}

/// Memory is limited only where no address space is reserved by gigabytes; elsewhere
/// what is used of it has limits of its own.
pub fn lower(policy: &Policy, walls: &mut Walls) {
    let (file_bytes, open_files) = match policy {
        Policy::Unpack { file_bytes, .. } => (*file_bytes, 32),
        // The standard three stay usable, and `poll` wants room for them.
        _ => (0, 3),
    };
    let mut limits = vec![
        ("core dumps", libc::RLIMIT_CORE, 0),
        ("file size", libc::RLIMIT_FSIZE, file_bytes),
        ("message queues", libc::RLIMIT_MSGQUEUE, 0),
    ];
    if !matches!(policy, Policy::Reference { .. }) {
        limits.push(("locked memory", libc::RLIMIT_MEMLOCK, 0));
        limits.push(("open files", libc::RLIMIT_NOFILE, open_files));
        limits.push(("threads", libc::RLIMIT_NPROC, 0));
    }
    if matches!(policy, Policy::Inspect | Policy::Unpack { .. }) {
        limits.push(("address space", libc::RLIMIT_AS, INSPECT_BYTES));
    }
    if let Policy::Unpack { cpu_s, .. } = policy {
        limits.push(("processor time", libc::RLIMIT_CPU, *cpu_s));
    }
    // A file that grows past its limit raises a signal; writing shall fail instead.
    // SAFETY: ignoring a signal installs no code.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
    let mut refused = Vec::new();
    for (name, resource, value) in limits {
        let limit = libc::rlimit {
            rlim_cur: value,
            rlim_max: value,
        };
        // SAFETY: `limit` is a valid rlimit for the duration of the call.
        if unsafe { libc::setrlimit(resource, &limit) } != 0 {
            refused.push(format!("{name}: {}", io::Error::last_os_error()));
        }
    }
    let state = match refused.is_empty() {
        true => Ok("no core dumps, files or queues".into()),
        false => Err(refused.join(", ")),
    };
    walls.note("limits", state);
}
