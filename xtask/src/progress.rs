//! What the person who waits sees: one moving line per running task on a terminal,
//! plain lines elsewhere (logs, CI).

use std::fmt::Write;
use std::io::IsTerminal;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};

static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

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
        bar.set_style(style(expected));
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

/// A bar that fills with the share of the expected time: most of the work is done by
/// compilers and package clients that do not say how far they are.
fn style(expected: Duration) -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {prefix} {filled} {elapsed} {wide_msg}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .with_key(
            "filled",
            move |state: &ProgressState, out: &mut dyn Write| {
                // Nobody is told more than what this line says if it cannot be drawn.
                let _ = out.write_str(&filled(state.elapsed(), expected));
            },
        )
}

/// Twenty cells, never quite full before the work is done.
fn filled(elapsed: Duration, expected: Duration) -> String {
    const CELLS: usize = 20;
    let share = elapsed.as_secs_f64() / expected.as_secs_f64().max(0.1);
    let full = ((share * CELLS as f64) as usize).min(CELLS - 1);
    format!("[{}{}]", "=".repeat(full), " ".repeat(CELLS - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_never_full_while_someone_waits() {
        let bar = |seconds| filled(Duration::from_secs(seconds), Duration::from_secs(100));
        assert_eq!(bar(50), format!("[{}{}]", "=".repeat(10), " ".repeat(10)));
        assert_eq!(bar(5000), format!("[{} ]", "=".repeat(19)));
    }

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
