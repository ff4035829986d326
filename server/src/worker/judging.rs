//! A slot that judges: lease, have it graded, say what came of it.

use super::supervisor::{Supervisor, SupervisorError};
use super::{Slot, stopped};
use crate::services::judgements::{Leased, Said};
use gradien_problems::protocol::{Request, Response};
use std::pin::pin;
use std::time::Duration;

/// How often an idle slot looks into the queue without being woken: for leases
/// that ran out and retries whose pause is over.
const LOOK: Duration = Duration::from_millis(250);

pub async fn work(mut slot: Slot) {
    let mut last = None;
    while let Some(supervisor) = slot.ready(last.take()).await {
        last = match next(&mut slot).await {
            Next::Stop => return,
            Next::Nothing => Some(supervisor),
            Next::Judge(leased) => judge(&mut slot, supervisor, &leased).await,
        };
    }
}

enum Next {
    Judge(Box<Leased>),
    /// Nothing to do; look after the grader and ask again.
    Nothing,
    Stop,
}

async fn next(slot: &mut Slot) -> Next {
    if *slot.stopping.borrow() {
        return Next::Stop;
    }
    let lasts = slot.services.config.lease();
    match slot.services.judgements.lease(&slot.worker, lasts).await {
        Ok(Some(leased)) => return Next::Judge(Box::new(leased)),
        Ok(None) => {}
        Err(error) => {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(%error, cause, "the queue cannot be read");
        }
    }
    tokio::select! {
        () = slot.services.events.wait_for_work() => Next::Nothing,
        () = tokio::time::sleep(LOOK) => Next::Nothing,
        () = stopped(&mut slot.stopping) => Next::Stop,
    }
}

/// How the work on a lease ended.
enum End {
    Answered(Result<Response, SupervisorError>),
    /// Another worker has it by now.
    Lost,
    /// The workers are to stop and it took too long.
    Stopped,
}

/// Judges, and gives back the grader if it can be used again.
async fn judge(slot: &mut Slot, mut supervisor: Supervisor, leased: &Leased) -> Option<Supervisor> {
    let end = grade(slot, &mut supervisor, leased).await;
    let judgements = &slot.services.judgements;
    let (said, reusable) = match end {
        End::Answered(Ok(Response::Judged { report })) => {
            (judgements.record(leased, &report).await, true)
        }
        End::Answered(Ok(Response::Fault { detail, retryable })) => {
            (judgements.fail(leased, &detail, retryable).await, true)
        }
        End::Answered(Ok(_)) => {
            let detail = "the grader answered something else";
            (judgements.fail(leased, detail, true).await, false)
        }
        End::Answered(Err(error)) => {
            let detail = error.to_string();
            (judgements.fail(leased, &detail, true).await, false)
        }
        End::Lost => (Ok(Said::TooLate), false),
        End::Stopped => (judgements.release(leased).await, false),
    };
    match said {
        Ok(Said::Taken) => {}
        Ok(Said::TooLate) => {
            tracing::warn!(judgement = %leased.judgement, "too late: another worker has it");
        }
        // Its lease runs out, and it is judged again.
        Err(error) => {
            tracing::error!(judgement = %leased.judgement, %error, "the outcome could not be kept");
        }
    }
    reusable.then_some(supervisor)
}

/// Has it graded, renewing the lease meanwhile.
async fn grade(slot: &mut Slot, supervisor: &mut Supervisor, leased: &Leased) -> End {
    let config = slot.services.config.clone();
    let judgements = slot.services.judgements.clone();
    let request = Request::Judge {
        pack: leased.pack.clone(),
        submission: leased.content.clone(),
        blobs: config.data.blobs_folder(),
    };
    let on_progress = |progress| judgements.progress(leased, progress);
    let mut asked = pin!(supervisor.ask(&request, config.judgement_deadline(), on_progress));
    let mut renewal = tokio::time::interval(config.lease() / 3);
    renewal.tick().await;
    let grace = Duration::from_secs(config.shutdown_s);
    let stopping = &mut slot.stopping;
    let mut out_of_time = pin!(async {
        stopped(stopping).await;
        tokio::time::sleep(grace).await;
    });
    loop {
        tokio::select! {
            answer = &mut asked => return End::Answered(answer),
            () = &mut out_of_time => return End::Stopped,
            _ = renewal.tick() => match judgements.renew(leased, config.lease()).await {
                Ok(Said::Taken) => {}
                Ok(Said::TooLate) => return End::Lost,
                // The next renewal may succeed; the lease lasts for three.
                Err(error) => tracing::error!(%error, "a lease could not be renewed"),
            },
        }
    }
}
