//! The wall clock's end of a job.
//!
//! A thread sleeps until a job is armed and, if it is not disarmed in time, moves the
//! engine's epoch by one, which stops the program at its next loop or call. Arming,
//! disarming and moving happen under one lock, so a late alarm cannot hit the next job.
//!
//! Waking a thread costs more than a small job (and, while it shares the memory's page
//! tables on another core, each page that is dropped costs an interrupt there). So it is
//! woken only to sleep shorter than it does: it sleeps through jobs that end in time, and
//! looks again when the first alarm that it knew would have come. An idle runner is woken
//! once after its last job, and then never.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use wasmtime::Engine;

/// Moving the epoch needs next to no stack.
const STACK_BYTES: usize = 64 << 10;

pub(super) struct Watchdog(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    alarm: Alarm,
    /// When the thread looks by itself; `None`: when it is told to.
    looks_at: Option<Instant>,
}

#[derive(Clone, Copy)]
enum Alarm {
    Idle,
    At(Instant),
    /// Nobody will arm it again.
    Ended,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(&self, alarm: Alarm) {
        let mut state = self.lock();
        state.alarm = alarm;
        let in_time = match alarm {
            Alarm::Idle => true,
            Alarm::At(at) => state.looks_at.is_some_and(|looks_at| looks_at <= at),
            Alarm::Ended => false,
        };
        drop(state);
        if !in_time {
            self.changed.notify_one();
        }
    }
}

impl Watchdog {
    pub fn start(engine: Engine) -> io::Result<Watchdog> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                alarm: Alarm::Idle,
                looks_at: None,
            }),
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
    let mut state = shared.lock();
    loop {
        let now = Instant::now();
        match state.alarm {
            Alarm::Ended => return,
            Alarm::Idle => state.looks_at = None,
            Alarm::At(at) if at <= now => {
                engine.increment_epoch();
                state.alarm = Alarm::Idle;
                state.looks_at = None;
            }
            Alarm::At(at) => state.looks_at = Some(at),
        }
        state = match state.looks_at {
            None => shared
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner),
            Some(at) => {
                let waited = shared.changed.wait_timeout(state, at - now);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
    }
}
