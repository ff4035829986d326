//! What a runner holds in memory, from the kernel's account of its process.

use super::setup::{call, config};
use gradien_sandbox::client::Runner;
use gradien_sandbox::job::Limits;
use std::path::Path;
use std::time::Duration;

/// KiB of `RssAnon` (pages of its own) and `VmRSS` (with those it shares).
fn resident_kib(pid: u32) -> Option<(i64, i64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().trim_end_matches("kB").trim().parse().ok()
    };
    Some((field("RssAnon:")?, field("VmRSS:")?))
}

/// An idle runner, and what one live instance adds while its program loops.
pub fn measure(guest: &Path) {
    let runner = Runner::spawn(&config(guest)).expect("the runner starts");
    let pid = runner.pid();
    let Some(idle) = resident_kib(pid) else {
        println!("memory: this system does not tell");
        return;
    };
    let limits = Limits {
        fuel: u64::MAX / 4,
        wall_ms: 1_500,
        ..Limits::default()
    };
    let source = "import numpy as np\nx = np.ones(3) + 1\nwhile True:\n    pass";
    let looping = call(source, "f", vec![], limits);
    // Asked from beside, while the runner is at work.
    let asked = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(800));
        resident_kib(pid)
    });
    // The runner belongs to this thread, which waits for it.
    let mut runner = runner;
    let _ = runner.run(&looping);
    let live = asked.join().expect("no panic").expect("still there");
    let after = resident_kib(pid).expect("still there");
    let mib = |kib: i64| kib as f64 / 1024.0;
    println!(
        "\nmemory of an idle runner: {:.1} MiB of its own, {:.1} MiB with shared pages",
        mib(idle.0),
        mib(idle.1)
    );
    println!(
        "one live instance adds:   {:.1} MiB of its own ({:.1} with shared); left afterwards {:.1}",
        mib(live.0 - idle.0),
        mib(live.1 - idle.1),
        mib(after.0 - idle.0)
    );
}
