//! The slot that proves uploaded packs. It has a grader only while there is one to
//! prove, and that grader is *nice*: where processors are short, whoever judges or
//! runs goes first. A slot of its own, so practice never waits for a proof, and no
//! proof waits for practice to end.

use super::{Slot, stopped};
use crate::services::grader::{Task, TaskError};
use std::time::Duration;

/// As `nice` counts: 0 is what judging has, 19 goes last.
const NICENESS: i32 = 10;

pub async fn work(mut slot: Slot) {
    let grader = slot.services.grader.clone();
    slot.command.niceness = NICENESS;
    loop {
        let task = tokio::select! {
            task = grader.next_proof() => task,
            () = stopped(&mut slot.stopping) => return,
        };
        let Some(Task {
            request,
            answer,
            on_progress,
        }) = task
        else {
            return;
        };
        if answer.is_closed() {
            continue;
        }
        let Some(mut supervisor) = slot.ready(None).await else {
            return;
        };
        let limit = Duration::from_secs(slot.services.config.prove_deadline_s);
        let mut stopping = slot.stopping.clone();
        let answered = tokio::select! {
            answered = supervisor.ask(&request, limit, |progress| on_progress(progress)) => answered,
            () = stopped(&mut stopping) => return,
        };
        let _ = answer.send(answered.map_err(|error| TaskError {
            detail: error.to_string(),
        }));
    }
}
