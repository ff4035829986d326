//! Looks at processes through `/proc`: who is whose child, and how much memory
//! each one holds.

use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeSet;
use std::fs;

/// One process below the one that was asked for.
#[derive(Debug, Clone)]
pub struct Process {
    pub pid: u32,
    pub parent: u32,
    /// The file name of its executable, as given at its start.
    pub name: String,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Memory {
    /// Resident, shared pages counted in full.
    pub rss_bytes: u64,
    /// Resident, shared pages counted by share.
    pub pss_bytes: u64,
}

/// All descendants of `root`, without itself.
pub fn below(root: u32) -> Vec<Process> {
    let all = all();
    let mut family = BTreeSet::from([root]);
    // Children have other numbers than parents, in no order: repeat until
    // nobody is added.
    loop {
        let before = family.len();
        for process in &all {
            if family.contains(&process.parent) {
                family.insert(process.pid);
            }
        }
        if family.len() == before {
            break;
        }
    }
    all.into_iter()
        .filter(|process| process.pid != root && family.contains(&process.pid))
        .collect()
}

fn all() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(read)
        .collect()
}

/// `None` if it has ended meanwhile, or is a zombie.
fn read(pid: u32) -> Option<Process> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may hold some itself.
    let (head, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let state = fields.next()?;
    let parent = fields.next()?.parse().ok()?;
    if state == "Z" || state == "X" {
        return None;
    }
    let command = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let executable = command.split(|&byte| byte == 0).next().unwrap_or_default();
    let executable = String::from_utf8_lossy(executable);
    let name = match executable.rsplit('/').next() {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => head.split_once('(')?.1.to_owned(),
    };
    Some(Process { pid, parent, name })
}

/// Memory of a process; `None` if it has ended.
pub fn memory(pid: u32) -> Option<Memory> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let kib = |key: &str| -> Option<u64> {
        let line = rollup.lines().find(|line| line.starts_with(key))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some(Memory {
        rss_bytes: kib("Rss:")? << 10,
        pss_bytes: kib("Pss:")? << 10,
    })
}

/// `kill -9`. Whether there was such a process.
pub fn kill_hard(pid: u32) -> bool {
    Pid::from_raw(pid as i32).is_some_and(|pid| kill_process(pid, Signal::KILL).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    #[test]
    fn a_child_is_found_measured_and_killed() {
        let mut child = Command::new("sleep").arg("100").spawn().unwrap();
        let family = below(std::process::id());
        let found = family.iter().find(|p| p.pid == child.id()).unwrap();
        // Between fork and exec it still bears the test's name.
        assert!(found.name == "sleep" || found.parent == std::process::id());
        assert!(memory(child.id()).unwrap().pss_bytes > 0);
        assert!(kill_hard(child.id()));
        assert!(!child.wait().unwrap().success());
        assert!(
            below(std::process::id())
                .iter()
                .all(|p| p.pid != child.id())
        );
    }
}
