//! What the person who waits sees: one moving line per running task on a terminal,
//! plain lines elsewhere (logs, CI).

use std::io::IsTerminal;
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);
static FINISHED: Mutex<Vec<(String, Duration)>> = Mutex::new(Vec::new());

fn on_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// One line that stays, above the moving ones.
pub fn say(line: &str) {
    if on_terminal() {
        BARS.suspend(|| eprintln!("{line}"));
    } else {
        eprintln!("{line}");
    }
}

/// A piece of work that someone waits for. Call [`Task::done`]; a task that is dropped
/// before that is shown as failed.
pub struct Task {
    what: String,
    bar: Option<ProgressBar>,
    started: Instant,
    finished: bool,
}

/// Starts a task: `what` reads "libtorch 2.11.0: unpacking", `expected` is how long it
/// takes on two cores, so that nobody stops it in the belief that it hangs.
pub fn task(what: impl Into<String>, expected: Duration) -> Task {
    let what = what.into();
    let about = if expected < Duration::from_secs(2) {
        String::new()
    } else {
        format!(" (about {})", human(expected))
    };
    let bar = if on_terminal() {
        let bar = BARS.add(ProgressBar::new_spinner());
        bar.set_style(style("{spinner} {prefix} {elapsed} {msg}"));
        bar.set_prefix(format!("{what}{about}"));
        bar.enable_steady_tick(Duration::from_millis(120));
        Some(bar)
    } else {
        eprintln!("...  {what}{about}");
        None
    };
    Task {
        what,
        bar,
        started: Instant::now(),
        finished: false,
    }
}

impl Task {
    /// From now on the task is measured: bytes done of `bytes`.
    pub fn set_bytes(&self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(bytes);
            bar.set_style(style(
                "{spinner} {prefix} {bar:24} {bytes}/{total_bytes} {elapsed}",
            ));
        }
    }

    pub fn add_bytes(&self, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(bytes);
        }
    }

    /// What it is at just now, shown behind the bar.
    pub fn note(&self, text: impl Into<String>) {
        if let Some(bar) = &self.bar {
            bar.set_message(text.into());
        }
    }

    pub fn done(mut self) {
        self.finished = true;
        let took = self.started.elapsed();
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        say(&format!("ok   {} ({})", self.what, human(took)));
        if let Ok(mut finished) = FINISHED.lock() {
            finished.push((self.what.clone(), took));
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        say(&format!(
            "FAIL {} (after {})",
            self.what,
            human(self.started.elapsed())
        ));
    }
}

/// Every finished task with its duration, in the order of their ends.
pub fn list_finished() -> Vec<(String, Duration)> {
    FINISHED.lock().map(|list| list.clone()).unwrap_or_default()
}

/// "0.4 s", "12 s", "3 m 05 s", "1 h 02 m".
pub fn human(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        60..3600 => format!("{} m {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} m", seconds / 3600, seconds % 3600 / 60),
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        for (ms, text) in [
            (420, "0.4 s"),
            (12_300, "12 s"),
            (185_000, "3 m 05 s"),
            (3_725_000, "1 h 02 m"),
        ] {
            assert_eq!(human(Duration::from_millis(ms)), text);
        }
    }
}
