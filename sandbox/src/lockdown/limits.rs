//! Privileges and resource limits.

use super::{LockdownError, Policy, Walls};
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

/// Memory is not limited here: address space is reserved by gigabytes, and what is
/// used of it has limits of its own.
pub fn lower(policy: &Policy, walls: &mut Walls) {
    let mut limits = vec![
        ("core dumps", libc::RLIMIT_CORE, 0),
        ("file size", libc::RLIMIT_FSIZE, 0),
        ("message queues", libc::RLIMIT_MSGQUEUE, 0),
    ];
    if !matches!(policy, Policy::Reference { .. }) {
        limits.push(("locked memory", libc::RLIMIT_MEMLOCK, 0));
    }
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
