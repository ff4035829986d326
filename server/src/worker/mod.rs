//! The workers: they take judgements from the queue and requests from the line
//! of those who wait, and have graders do them.
//!
//! Each *slot* has a grader process of its own ([`supervisor`]) and does one
//! thing at a time. Judging slots serve the queue, run slots serve runs and the
//! preparation of packs, so that neither keeps the other waiting; one more proves the
//! packs that coaches upload ([`proving`]). A slot leases
//! only when its grader stands ready; a grader that died is started anew.
//!
//! Nothing is kept here: whatever dies in the middle, the database still says
//! that the judgement is leased, and its lease runs out.

mod judging;
mod proving;
mod running;
pub mod supervisor;
#[cfg(test)]
mod tests;

use crate::config::Config;
use crate::services::Services;
use crate::services::judgements::Worker;
use std::time::Duration;
use supervisor::{GraderCommand, Supervisor};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What every slot knows.
#[derive(Clone)]
struct Slot {
    services: Services,
    worker: Worker,
    command: GraderCommand,
    /// Whether it serves runs, for which somebody waits.
    for_runs: bool,
    /// Becomes true when the workers are to stop.
    stopping: watch::Receiver<bool>,
}

/// The workers inside `serve`.
pub struct Pool {
    stop: watch::Sender<bool>,
    slots: JoinSet<()>,
}

impl Pool {
    pub fn start(services: &Services) -> Pool {
        let (stop, stopping) = watch::channel(false);
        let config = &services.config;
        let slot = Slot {
            services: services.clone(),
            worker: Worker::embedded(),
            command: command(config),
            for_runs: false,
            stopping,
        };
        let mut slots = JoinSet::new();
        for _ in 0..config.judge_slots() {
            slots.spawn(judging::work(slot.clone()));
        }
        for _ in 0..config.run_slots.max(1) {
            slots.spawn(running::work(Slot {
                for_runs: true,
                ..slot.clone()
            }));
        }
        slots.spawn(proving::work(slot));
        Pool { stop, slots }
    }

    /// Takes nothing new, lets what runs finish within the configured time,
    /// gives back the rest and ends the graders.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        while let Some(ended) = self.slots.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "a worker's slot ended badly");
            }
        }
    }
}

/// How a grader of this configuration is started.
pub fn command(config: &Config) -> GraderCommand {
    GraderCommand {
        program: config.grader_path(),
        arguments: vec![
            "supervise".into(),
            "--store".into(),
            config.data.prepared().into(),
        ],
        guest: config.guest.clone(),
        niceness: 0,
    }
}

/// The longest pause between two tries to start a grader.
const MAX_START_PAUSE: Duration = Duration::from_secs(30);

impl Slot {
    /// A grader that stands ready: the one that there is, or a new one, tried
    /// until it starts. `None` when the workers are to stop.
    async fn ready(&mut self, last: Option<Supervisor>) -> Option<Supervisor> {
        if let Some(mut supervisor) = last
            && supervisor.is_alive()
        {
            return Some(supervisor);
        }
        let mut pause = Duration::from_millis(500);
        let mut failing = false;
        loop {
            if *self.stopping.borrow() {
                return None;
            }
            match Supervisor::start(&self.command).await {
                Ok(supervisor) => {
                    if failing {
                        self.services.grader.slot_recovers();
                    }
                    return Some(supervisor);
                }
                Err(error) => {
                    let cause = std::error::Error::source(&error).map(ToString::to_string);
                    if self.for_runs && !failing {
                        self.services.grader.slot_fails();
                        failing = true;
                    }
                    tracing::error!(%error, cause, retry_ms = pause.as_millis() as u64, "a grader does not start");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stopped(&mut self.stopping) => return None,
            }
            pause = (pause * 2).min(MAX_START_PAUSE);
        }
    }
}

/// Until the workers are to stop.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // The sender's end means the same.
    let _ = stopping.wait_for(|stop| *stop).await;
}
