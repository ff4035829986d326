//! The second wall, tried from inside: each attempt is made by a process of its own
//! that has locked itself first. Without a guest; everything here is the kernel's.

use gradien_sandbox::lockdown::{Policy, apply, isolate};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode};

/// What must become of an attempt.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Allowed,
    Errno(i32),
    Killed,
}
use End::{Allowed, Errno, Killed};

struct Attempt {
    name: &'static str,
    /// Gives back what a system call gives back: negative for an error.
    call: fn() -> i64,
    runner: End,
    reference: End,
    unpack: End,
}

const ATTEMPTS: &[Attempt] = &[
    Attempt {
        name: "map memory",
        call: map_memory,
        runner: Allowed,
        reference: Allowed,
        unpack: Allowed,
    },
    Attempt {
        name: "read the clock",
        call: read_clock,
        runner: Allowed,
        reference: Allowed,
        unpack: Allowed,
    },
    Attempt {
        name: "map executable memory",
        call: map_executable,
        runner: Errno(libc::EPERM),
        reference: Allowed,
        unpack: Errno(libc::EPERM),
    },
    Attempt {
        name: "open a file",
        call: open_passwd,
        runner: Errno(libc::EPERM),
        reference: Errno(libc::EACCES),
        unpack: Errno(libc::EACCES),
    },
    Attempt {
        name: "open a file that is allowed",
        call: open_allowed,
        runner: Errno(libc::EPERM),
        reference: Allowed,
        unpack: Errno(libc::EACCES),
    },
    Attempt {
        name: "write a file",
        call: write_file,
        runner: Errno(libc::EPERM),
        reference: Errno(libc::EACCES),
        unpack: Errno(libc::EACCES),
    },
    Attempt {
        name: "open a socket",
        call: open_socket,
        runner: Killed,
        reference: Errno(libc::EPERM),
        unpack: Killed,
    },
    Attempt {
        name: "start a program",
        call: start_program,
        runner: Killed,
        reference: Killed,
        unpack: Killed,
    },
    Attempt {
        name: "fork",
        call: fork,
        runner: Errno(libc::EPERM),
        reference: Errno(libc::EPERM),
        unpack: Errno(libc::EPERM),
    },
    Attempt {
        name: "start a thread",
        call: start_thread,
        runner: Errno(libc::EPERM),
        reference: Allowed,
        unpack: Errno(libc::EPERM),
    },
    Attempt {
        name: "kill everybody",
        call: kill_everybody,
        runner: Killed,
        reference: Errno(libc::EPERM),
        unpack: Killed,
    },
    Attempt {
        name: "trace the parent",
        call: trace_parent,
        runner: Killed,
        reference: Killed,
        unpack: Killed,
    },
    Attempt {
        name: "make a file in memory",
        call: make_memfd,
        runner: Killed,
        reference: Errno(libc::EPERM),
        unpack: Killed,
    },
    Attempt {
        name: "set up io_uring",
        call: set_up_uring,
        runner: Killed,
        reference: Killed,
        unpack: Killed,
    },
    Attempt {
        name: "raise a limit",
        call: raise_limit,
        runner: Errno(libc::EPERM),
        reference: Errno(libc::EPERM),
        unpack: Errno(libc::EPERM),
    },
    Attempt {
        name: "talk to a device",
        call: talk_to_device,
        runner: Errno(libc::EPERM),
        reference: Errno(libc::EPERM),
        unpack: Errno(libc::EPERM),
    },
    Attempt {
        name: "make a file here",
        call: make_file_here,
        runner: Errno(libc::EPERM),
        reference: Errno(libc::EACCES),
        unpack: Allowed,
    },
    Attempt {
        name: "make a folder here",
        call: make_folder_here,
        runner: Errno(libc::EPERM),
        reference: Errno(libc::EPERM),
        unpack: Allowed,
    },
    Attempt {
        name: "make a folder above",
        call: make_folder_above,
        runner: Errno(libc::EPERM),
        reference: Errno(libc::EPERM),
        unpack: Errno(libc::EACCES),
    },
    Attempt {
        name: "make a link",
        call: make_link,
        runner: Errno(libc::EPERM),
        reference: Errno(libc::EPERM),
        unpack: Errno(libc::EPERM),
    },
];

fn map(protection: i32) -> i64 {
    // SAFETY: a fresh anonymous mapping that nobody uses.
    let place = unsafe {
        libc::mmap(
            std::ptr::null_mut(),
            4096,
            protection,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if place == libc::MAP_FAILED { -1 } else { 0 }
}

fn map_memory() -> i64 {
    map(libc::PROT_READ | libc::PROT_WRITE)
}

fn map_executable() -> i64 {
    map(libc::PROT_READ | libc::PROT_EXEC)
}

fn read_clock() -> i64 {
    i64::try_from(std::time::Instant::now().elapsed().as_secs()).unwrap_or(-1)
}

fn open(path: &std::ffi::CStr, flags: i32) -> i64 {
    // SAFETY: the path ends in a zero byte.
    unsafe {
        libc::syscall(
            libc::SYS_openat,
            libc::AT_FDCWD,
            path.as_ptr(),
            flags,
            0o600,
        )
    }
}

fn open_passwd() -> i64 {
    open(c"/etc/passwd", libc::O_RDONLY)
}

fn open_allowed() -> i64 {
    open(c"/proc/version", libc::O_RDONLY)
}

fn write_file() -> i64 {
    open(c"/proc/version", libc::O_RDWR)
}

fn make_file_here() -> i64 {
    open(c"new", libc::O_CREAT | libc::O_WRONLY | libc::O_TRUNC)
}

fn make_folder(path: &std::ffi::CStr) -> i64 {
    // SAFETY: the path ends in a zero byte.
    unsafe { libc::syscall(libc::SYS_mkdirat, libc::AT_FDCWD, path.as_ptr(), 0o700) }
}

fn make_folder_here() -> i64 {
    make_folder(c"folder")
}

fn make_folder_above() -> i64 {
    make_folder(c"../gradien-walls-above")
}

fn make_link() -> i64 {
    let (to, from) = (c"/etc/passwd".as_ptr(), c"link".as_ptr());
    // SAFETY: both paths end in a zero byte.
    unsafe { libc::syscall(libc::SYS_symlinkat, to, libc::AT_FDCWD, from) }
}

fn open_socket() -> i64 {
    // SAFETY: numbers only, here and in the calls below, unless said otherwise.
    unsafe { libc::syscall(libc::SYS_socket, libc::AF_INET, libc::SOCK_STREAM, 0) }
}

fn start_program() -> i64 {
    let arguments = [c"/bin/true".as_ptr(), std::ptr::null()];
    // SAFETY: both lists end in a null pointer and outlive the call.
    unsafe { libc::execve(arguments[0], arguments.as_ptr(), arguments[1..].as_ptr()).into() }
}

fn fork() -> i64 {
    unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) }
}

fn start_thread() -> i64 {
    match std::thread::Builder::new().spawn(|| ()) {
        Ok(thread) => thread.join().map_or(-1, |()| 0),
        Err(_) => -1,
    }
}

fn kill_everybody() -> i64 {
    // Signal 0 only asks whether it would be allowed.
    unsafe { libc::syscall(libc::SYS_kill, -1, 0) }
}

fn trace_parent() -> i64 {
    unsafe { libc::syscall(libc::SYS_ptrace, libc::PTRACE_SEIZE, libc::getppid(), 0, 0) }
}

fn make_memfd() -> i64 {
    // SAFETY: the name ends in a zero byte.
    unsafe { libc::syscall(libc::SYS_memfd_create, c"x".as_ptr(), 0) }
}

fn set_up_uring() -> i64 {
    // SAFETY: a null pointer is answered with an error.
    unsafe { libc::syscall(libc::SYS_io_uring_setup, 1, 0) }
}

fn raise_limit() -> i64 {
    let limit = libc::rlimit {
        rlim_cur: 1000,
        rlim_max: 1000,
    };
    // SAFETY: `limit` outlives the call.
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit).into() }
}

fn talk_to_device() -> i64 {
    unsafe { libc::syscall(libc::SYS_ioctl, 0, libc::TIOCSTI, 0) }
}

fn policy(name: &str) -> Policy {
    match name {
        "runner" => Policy::Runner,
        "unpack" => Policy::Unpack {
            folder: std::env::current_dir().expect("the test's folder"),
            file_bytes: 1 << 20,
            cpu_s: 10,
        },
        _ => Policy::Reference {
            read_paths: vec!["/proc/version".into()],
            device_paths: vec![],
        },
    }
}

/// In the locked process: exit code 0 for a call that went through, else its errno.
fn attempt(policy_name: &str, attempt: &Attempt) -> ! {
    isolate();
    let locked = apply(&policy(policy_name));
    let code = match locked {
        Err(_) => 250,
        Ok(_) if (attempt.call)() >= 0 => 0,
        Ok(_) => std::io::Error::last_os_error()
            .raw_os_error()
            .unwrap_or(251),
    };
    // SAFETY: ends the process without running anything more.
    unsafe { libc::_exit(code) }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, flag, policy_name, index] = arguments.as_slice()
        && flag == "--attempt"
    {
        attempt(
            policy_name,
            &ATTEMPTS[index.parse::<usize>().expect("an index")],
        );
    }
    let own = std::env::current_exe().expect("own path");
    let has_landlock = has_landlock();
    if !has_landlock {
        eprintln!("SKIPPED: what landlock forbids, since this kernel has none");
    }
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for (index, attempt) in ATTEMPTS.iter().enumerate() {
        for (name, expected) in [
            ("runner", &attempt.runner),
            ("reference", &attempt.reference),
            ("unpack", &attempt.unpack),
        ] {
            if *expected == Errno(libc::EACCES) && !has_landlock {
                skipped += 1;
                continue;
            }
            let folder = tempfile::tempdir().expect("a folder");
            let status = Command::new(&own)
                .current_dir(&folder)
                .args(["--attempt", name, &index.to_string()])
                .status()
                .expect("the test can start itself");
            let end = match (status.code(), status.signal()) {
                (Some(0), _) => Allowed,
                (Some(code), _) => Errno(code),
                (_, Some(libc::SIGSYS)) => Killed,
                (_, signal) => panic!("{name}, {}: ended by signal {signal:?}", attempt.name),
            };
            if end == *expected {
                passed += 1;
            } else {
                failed += 1;
                eprintln!("{name}, {}: {end:?}, expected {expected:?}", attempt.name);
            }
        }
    }
    println!("test result: {passed} passed; {failed} failed; {skipped} skipped");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Asked of the kernel directly: the version of its landlock.
fn has_landlock() -> bool {
    // SAFETY: with this flag the call takes no memory.
    unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, 0, 0, 1) > 0 }
}
