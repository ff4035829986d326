//! A slot for what somebody waits for: runs and the preparation of packs.

use super::supervisor::SupervisorError;
use super::{Slot, stopped};
use crate::services::grader::{Task, TaskError};
use gradien_problems::protocol::Request;
use std::time::Duration;

/// How often an idle slot sees whether its grader is alive.
const LOOK: Duration = Duration::from_secs(1);

pub async fn work(mut slot: Slot) {
    let mut last = None;
    while let Some(mut supervisor) = slot.ready(last.take()).await {
        let grader = slot.services.grader.clone();
        let task = tokio::select! {
            task = grader.next_task() => task,
            () = tokio::time::sleep(LOOK) => {
                last = Some(supervisor);
                continue;
            }
            () = stopped(&mut slot.stopping) => return,
        };
        let Some(Task {
            request, answer, ..
        }) = task
        else {
            return;
        };
        if answer.is_closed() {
            // Who asked waits no more.
            last = Some(supervisor);
            continue;
        }
        let limit = limit(&slot, &request);
        let mut stopping = slot.stopping.clone();
        let mut answered = tokio::select! {
            answered = supervisor.ask(&request, limit, |_| {}) => answered,
            () = stopped(&mut stopping) => return,
        };
        // It was killed by somebody, not by this request's length: once more.
        if matches!(answered, Err(SupervisorError::Died { .. })) {
            let Some(another) = slot.ready(None).await else {
                return;
            };
            supervisor = another;
            answered = tokio::select! {
                answered = supervisor.ask(&request, limit, |_| {}) => answered,
                () = stopped(&mut stopping) => return,
            };
        }
        if answered.is_ok() {
            last = Some(supervisor);
        }
        let _ = answer.send(answered.map_err(|error| TaskError {
            detail: error.to_string(),
        }));
    }
}

fn limit(slot: &Slot, request: &Request) -> Duration {
    let config = &slot.services.config;
    match request {
        Request::Prepare { .. } => Duration::from_secs(config.prepare_deadline_s),
        Request::Judge { .. } => config.judgement_deadline(),
        Request::Run { .. } => config.run_deadline(),
        Request::Verify { .. } => Duration::from_secs(config.prove_deadline_s),
    }
}
