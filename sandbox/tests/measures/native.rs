//! The machine's own Python, asked to run the same bodies.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Answers each number of turns on its input with the seconds of the processor that they
/// took.
const DRIVER: &str = "
import sys, time
scope = {}
exec(compile(open(sys.argv[1]).read(), sys.argv[1], 'exec'), scope)
run = scope['run']
print('ready', flush=True)
for line in sys.stdin:
    turns = int(line)
    begun = time.process_time()
    run(turns)
    print(time.process_time() - begun, flush=True)
";

/// One body in a Python process of its own.
pub struct Native {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Native {
    /// `None`, with a line on why, where Python or NumPy is not there.
    pub fn find(body: &Path) -> Option<Native> {
        let mut child = python()
            .args(["-c", DRIVER])
            .arg(body)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (stdin, stdout) = (child.stdin.take()?, child.stdout.take()?);
        let mut native = Native {
            child,
            stdin,
            stdout: BufReader::new(stdout),
        };
        (native.line()? == "ready").then_some(native)
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line).ok()?;
        Some(line.trim().to_owned())
    }

    /// Seconds of `turns`.
    pub fn seconds(&mut self, turns: i64) -> f64 {
        writeln!(self.stdin, "{turns}").expect("python listens");
        let line = self.line().expect("python answers");
        line.parse().expect("seconds")
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One thread, and the NumPy that set-up fetched where it did.
fn python() -> Command {
    let mut command = Command::new("python3");
    command.env("OPENBLAS_NUM_THREADS", "1");
    if let Some(path) = std::env::var_os("GRADIEN_BENCH_PYTHONPATH") {
        command.env("PYTHONPATH", path);
    }
    command
}

/// What it is: `Python 3.11.7, NumPy 2.2.6`.
pub fn find_version() -> Option<String> {
    let output = python()
        .args(["-c", "import sys, numpy; print('Python', sys.version.split()[0] + ', NumPy', numpy.__version__)"])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// A whole process that imports NumPy and ends: `None` where it cannot be had.
pub fn find_process_time(bubblewrap: bool) -> Option<Duration> {
    let plain = python();
    let mut command = if bubblewrap {
        let mut command = Command::new("bwrap");
        command.args([
            "--ro-bind",
            "/",
            "/",
            "--unshare-all",
            "--die-with-parent",
            "--",
        ]);
        command.arg(plain.get_program());
        for (name, value) in plain.get_envs() {
            command.env(name, value.unwrap_or_default());
        }
        command
    } else {
        plain
    };
    let begun = Instant::now();
    let output = command.args(["-c", "import numpy"]).output().ok()?;
    output.status.success().then(|| begun.elapsed())
}
