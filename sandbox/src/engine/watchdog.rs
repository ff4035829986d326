//! The wall clock's end of a job.
//!
//! A thread sleeps until a job is armed and, if it is not disarmed in time, moves the
//! engine's epoch by one, which stops the program at its next loop or call. An idle
//! runner is never woken. Arming, disarming and moving happen under one lock, so a
//! late alarm cannot hit the next job.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use wasmtime::Engine;

/// Moving the epoch needs next to no stack.
const STACK_BYTES: usize = 64 << 10;

pub(super) struct Watchdog(Arc<Shared>);

struct Shared {
    alarm: Mutex<Alarm>,
    changed: Condvar,
}

enum Alarm {
    Idle,
    At(Instant),
    /// Nobody will arm it again.
    Ended,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Alarm> {
        self.alarm.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, alarm: Alarm) {
        *self.lock() = alarm;
        self.changed.notify_one();
    }
}

impl Watchdog {
    pub fn start(engine: Engine) -> io::Result<Watchdog> {
        let shared = Arc::new(Shared {
            alarm: Mutex::new(Alarm::Idle),
            changed: Condvar::new(),
        });
        let watched = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("watchdog".into())
            .stack_size(STACK_BYTES)
            .spawn(move || watch(&watched, &engine))?;
        Ok(Watchdog(shared))
    }

    /// Holds until the guard is dropped.
    pub fn arm(&self, wall: Duration) -> Armed<'_> {
        // A limit beyond the clock's range is none.
        self.0.set(
            Instant::now()
                .checked_add(wall)
                .map_or(Alarm::Idle, Alarm::At),
        );
        Armed(&self.0)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.0.set(Alarm::Ended);
    }
}

pub(super) struct Armed<'a>(&'a Shared);

impl Drop for Armed<'_> {
    fn drop(&mut self) {
        self.0.set(Alarm::Idle);
    }
}

fn watch(shared: &Shared, engine: &Engine) {
    let mut alarm = shared.lock();
    loop {
        let until = match *alarm {
            Alarm::Ended => return,
            Alarm::Idle => {
                alarm = shared
                    .changed
                    .wait(alarm)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            Alarm::At(until) => until,
        };
        let rest = until.saturating_duration_since(Instant::now());
        if rest.is_zero() {
            engine.increment_epoch();
            *alarm = Alarm::Idle;
        } else {
            let waited = shared.changed.wait_timeout(alarm, rest);
            alarm = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}
