//! seccomp: an allow-list of system calls over all threads.

use super::{LockdownError, Policy, Walls};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter_all_threads,
};
use std::collections::BTreeMap;

/// Pipes, memory, signals that are ours, time, and the end.
const EVERYBODY: &[i64] = &[
    libc::SYS_read,
    libc::SYS_write,
    libc::SYS_readv,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_lseek,
    libc::SYS_fstat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    libc::SYS_ppoll,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_membarrier,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_getcpu,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_rseq,
    libc::SYS_set_robust_list,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// What libtorch needs besides: threads of its own, and files that landlock lets
/// it read.
const REFERENCE: &[i64] = &[
    libc::SYS_openat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
    libc::SYS_readlinkat,
    libc::SYS_pread64,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_getrusage,
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_mincore,
    libc::SYS_get_mempolicy,
    libc::SYS_dup,
    libc::SYS_fcntl,
    libc::SYS_set_tid_address,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    // Answered with ENOSYS by the other filter, so that the C library takes `clone`.
    libc::SYS_clone3,
];

/// What writing files and folders needs besides; landlock says where.
const UNPACK: &[i64] = &[
    libc::SYS_openat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_mkdir,
    libc::SYS_mkdirat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_getdents64,
    libc::SYS_fcntl,
    libc::SYS_fsync,
];

/// What CUDA's driver needs besides; landlock says which devices.
const CUDA: &[i64] = &[
    libc::SYS_ioctl,
    libc::SYS_eventfd2,
    libc::SYS_pipe2,
    libc::SYS_mlock,
    libc::SYS_munlock,
    libc::SYS_mbind,
    libc::SYS_set_mempolicy,
    libc::SYS_prctl,
    libc::SYS_pwrite64,
    libc::SYS_memfd_create,
    libc::SYS_ftruncate,
    libc::SYS_epoll_create1,
    libc::SYS_epoll_ctl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_epoll_wait,
    libc::SYS_timerfd_create,
    libc::SYS_timerfd_settime,
];

/// Nothing of ours makes these calls.
const INTRUDER: &[i64] = &[
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_io_uring_setup,
    libc::SYS_userfaultfd,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_setns,
    libc::SYS_unshare,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_kexec_load,
    libc::SYS_open_by_handle_at,
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_setuid,
    libc::SYS_setresuid,
];

/// Nor these, where no driver library is at work.
const INTRUDER_WITHOUT_LIBRARY: &[i64] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept4,
    libc::SYS_memfd_create,
    libc::SYS_kill,
    libc::SYS_tkill,
];

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

pub fn filter(policy: &Policy, walls: &mut Walls) -> Result<(), LockdownError> {
    let mut allowed: Rules = EVERYBODY.iter().map(|&call| (call, Vec::new())).collect();
    let mut intruder: Rules = INTRUDER.iter().map(|&call| (call, Vec::new())).collect();
    // Signals to itself: that is how `abort` works.
    allowed.insert(libc::SYS_tgkill, vec![equal(0, std::process::id().into())?]);
    let mut count_text = "system calls: reading, writing, memory, time";
    match policy {
        Policy::Runner | Policy::Inspect | Policy::Unpack { .. } => {
            if matches!(policy, Policy::Unpack { .. }) {
                allowed.extend(UNPACK.iter().map(|&call| (call, Vec::new())));
                count_text = "system calls: reading, writing, memory, time, making files and folders where landlock allows";
            }
            // Memory, but none that can be executed.
            for call in [libc::SYS_mmap, libc::SYS_mprotect] {
                allowed.insert(call, vec![without(2, libc::PROT_EXEC as u64)?]);
            }
            intruder.extend(
                INTRUDER_WITHOUT_LIBRARY
                    .iter()
                    .map(|&call| (call, Vec::new())),
            );
        }
        Policy::Reference { device_paths, .. } => {
            let cuda: &[i64] = if device_paths.is_empty() { &[] } else { CUDA };
            allowed.extend(REFERENCE.iter().chain(cuda).map(|&call| (call, Vec::new())));
            // Limits can be read, not set.
            allowed.insert(libc::SYS_prlimit64, vec![equal_pointer(2, 0)?]);
            // Threads, but no processes.
            let thread = libc::CLONE_THREAD as u64;
            let condition = SeccompCondition::new(
                0,
                SeccompCmpArgLen::Qword,
                SeccompCmpOp::MaskedEq(thread),
                thread,
            );
            let rule = SeccompRule::new(vec![condition.map_err(LockdownError::Filter)?]);
            allowed.insert(libc::SYS_clone, vec![rule.map_err(LockdownError::Filter)?]);
            count_text = "system calls: reading, writing, memory, time, threads, opening what landlock allows";
            let no_clone3 = Rules::from([(libc::SYS_clone3, Vec::new())]);
            install(
                no_clone3,
                SeccompAction::Allow,
                SeccompAction::Errno(libc::ENOSYS as u32),
            )?;
        }
    }
    install(intruder, SeccompAction::Allow, SeccompAction::KillProcess)?;
    install(
        allowed,
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
    )?;
    walls.note("seccomp", Ok(count_text.into()));
    Ok(())
}

/// Argument `index`, an `int`, is `value`.
fn equal(index: u8, value: u64) -> Result<SeccompRule, LockdownError> {
    equal_in(SeccompCmpArgLen::Dword, index, value)
}

/// Argument `index`, as wide as a pointer, is `value`.
fn equal_pointer(index: u8, value: u64) -> Result<SeccompRule, LockdownError> {
    equal_in(SeccompCmpArgLen::Qword, index, value)
}

fn equal_in(length: SeccompCmpArgLen, index: u8, value: u64) -> Result<SeccompRule, LockdownError> {
    let condition = SeccompCondition::new(index, length, SeccompCmpOp::Eq, value)
        .map_err(LockdownError::Filter)?;
    SeccompRule::new(vec![condition]).map_err(LockdownError::Filter)
}

/// Argument `index` has none of `bits`.
fn without(index: u8, bits: u64) -> Result<SeccompRule, LockdownError> {
    let operator = SeccompCmpOp::MaskedEq(bits);
    let condition = SeccompCondition::new(index, SeccompCmpArgLen::Dword, operator, 0)
        .map_err(LockdownError::Filter)?;
    SeccompRule::new(vec![condition]).map_err(LockdownError::Filter)
}

fn install(
    rules: Rules,
    otherwise: SeccompAction,
    on_match: SeccompAction,
) -> Result<(), LockdownError> {
    let architecture =
        TargetArch::try_from(std::env::consts::ARCH).map_err(LockdownError::Filter)?;
    let filter = SeccompFilter::new(rules, otherwise, on_match, architecture)
        .map_err(LockdownError::Filter)?;
    let program: BpfProgram = filter.try_into().map_err(LockdownError::Filter)?;
    apply_filter_all_threads(&program).map_err(LockdownError::Seccomp)
}
