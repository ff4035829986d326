//! The lines to the graders for work that somebody waits for: one for runs and the
//! preparation of packs, one for proofs of packs, which take long. They are kept in memory alone: when the server stops, who
//! waited asks again. Judgements do not go this way, they are in the database.

use super::{Result, ServiceError};
use crate::ids::IncidentId;
use gradien_problems::given::Given;
use gradien_problems::proof::Proof;
use gradien_problems::protocol::{PackRef, Progress, Request, Response, RunInput};
use gradien_problems::report::{RunReport, Sample};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, oneshot};

/// One request that somebody waits for.
pub struct Task {
    pub request: Request,
    /// Gets the one answer; closed when nobody waits any more.
    pub answer: oneshot::Sender<std::result::Result<Response, TaskError>>,
    /// Is told how far it is.
    pub on_progress: OnProgress,
}

pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

fn unwatched() -> OnProgress {
    Arc::new(|_| {})
}

/// Why there is no answer.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{detail}")]
pub struct TaskError {
    pub detail: String,
}

#[derive(Clone)]
pub struct Grader {
    sender: mpsc::Sender<Task>,
    receiver: Arc<Mutex<mpsc::Receiver<Task>>>,
    proofs: mpsc::Sender<Task>,
    next_proof: Arc<Mutex<mpsc::Receiver<Task>>>,
    run_deadline: Duration,
    run_slots: usize,
    /// Slots for runs whose grader does not start.
    failing: Arc<AtomicUsize>,
}

impl Grader {
    pub(super) fn new(queue: usize, run_slots: usize, run_deadline: Duration) -> Grader {
        let (sender, receiver) = mpsc::channel(queue.max(1));
        let (proofs, next_proof) = mpsc::channel(queue.max(1));
        Grader {
            proofs,
            next_proof: Arc::new(Mutex::new(next_proof)),
            sender,
            receiver: Arc::new(Mutex::new(receiver)),
            run_deadline,
            run_slots: run_slots.max(1),
            failing: Arc::default(),
        }
    }

    /// A slot for runs tries in vain to start its grader.
    pub fn slot_fails(&self) {
        self.failing.fetch_add(1, Ordering::Relaxed);
    }

    /// It started at last.
    pub fn slot_recovers(&self) {
        self.failing.fetch_sub(1, Ordering::Relaxed);
    }

    /// The next request, for a worker's slot. Any number of slots may wait.
    pub async fn next_task(&self) -> Option<Task> {
        self.receiver.lock().await.recv().await
    }

    /// The next pack to prove.
    pub async fn next_proof(&self) -> Option<Task> {
        self.next_proof.lock().await.recv().await
    }

    /// Has a pack proved; what is wrong with it is in the proof.
    ///
    /// # Errors
    /// A fault of ours, for the log.
    pub async fn prove(
        &self,
        pack: PackRef,
        on_progress: OnProgress,
    ) -> std::result::Result<Proof, String> {
        let (answer, answered) = oneshot::channel();
        let task = Task {
            request: Request::Verify { pack },
            answer,
            on_progress,
        };
        let sent = self.proofs.send(task).await;
        sent.map_err(|_| "the graders are gone")?;
        match flatten(answered.await)? {
            Response::Proved { proof } => Ok(*proof),
            Response::Fault { detail, .. } => Err(detail),
            other => Err(format!("answered a proof with {}", name(&other))),
        }
    }

    /// # Errors
    /// [`ServiceError::NoGrader`] at once while no grader starts,
    /// [`ServiceError::Busy`] when the line is full, [`ServiceError::RunTimedOut`]
    /// when it took too long, [`ServiceError::GraderFailed`] for a fault of ours.
    pub async fn run(&self, pack: PackRef, source: String, input: RunInput) -> Result<RunReport> {
        if self.failing.load(Ordering::Relaxed) >= self.run_slots {
            return Err(ServiceError::NoGrader);
        }
        let request = Request::Run {
            pack,
            source,
            input,
        };
        let (answer, answered) = oneshot::channel();
        self.sender
            .try_send(Task {
                request,
                answer,
                on_progress: unwatched(),
            })
            .map_err(|_| ServiceError::Busy)?;
        let response = tokio::time::timeout(self.run_deadline, answered)
            .await
            .map_err(|_| ServiceError::RunTimedOut {
                limit_ms: self.run_deadline.as_millis() as u64,
            })?;
        match flatten(response) {
            Ok(Response::Ran { report }) => Ok(*report),
            Ok(Response::Fault { detail, .. }) => Err(incident(&detail)),
            Ok(other) => Err(incident(&format!("answered a run with {}", name(&other)))),
            Err(detail) => Err(incident(&detail)),
        }
    }

    /// Has the expected outputs of a pack version computed, if they are not
    /// kept already, and gives what of them is shown. May take minutes.
    pub async fn prepare(&self, pack: PackRef) -> std::result::Result<Prepared, PrepareError> {
        let request = Request::Prepare { pack };
        let (answer, answered) = oneshot::channel();
        self.sender
            .send(Task {
                request,
                answer,
                on_progress: unwatched(),
            })
            .await
            .map_err(|_| PrepareError::again("the graders are gone"))?;
        match flatten(answered.await) {
            Ok(Response::Prepared { samples, variants }) => Ok(Prepared { samples, variants }),
            Ok(Response::Fault { detail, retryable }) => Err(PrepareError { detail, retryable }),
            Ok(other) => Err(PrepareError::again(format!(
                "answered with {}",
                name(&other)
            ))),
            Err(detail) => Err(PrepareError::again(detail)),
        }
    }
}

/// What a pack version shows to students of what was computed for it.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    pub samples: Vec<Sample>,
    /// The numbers of each variant; empty where the pack has none.
    pub variants: Vec<Vec<Given>>,
}

#[derive(Debug, Clone)]
pub struct PrepareError {
    pub detail: String,
    /// The fault was the grader's, not the pack's.
    pub retryable: bool,
}

impl PrepareError {
    fn again(detail: impl Into<String>) -> PrepareError {
        PrepareError {
            detail: detail.into(),
            retryable: true,
        }
    }
}

type Answered =
    std::result::Result<std::result::Result<Response, TaskError>, oneshot::error::RecvError>;

fn flatten(answered: Answered) -> std::result::Result<Response, String> {
    match answered {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(error.detail),
        Err(_) => Err("the worker went away".into()),
    }
}

fn incident(detail: &str) -> ServiceError {
    let incident = IncidentId::random();
    tracing::error!(%incident, detail, "a run failed");
    ServiceError::GraderFailed { incident }
}

/// What kind of response it is, without its content.
fn name(response: &Response) -> &'static str {
    match response {
        Response::Hello(_) => "hello",
        Response::Progress(_) => "progress",
        Response::Prepared { .. } => "prepared",
        Response::Judged { .. } => "judged",
        Response::Ran { .. } => "ran",
        Response::Proved { .. } => "proved",
        Response::Fault { .. } => "a fault",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[tokio::test]
    async fn nobody_waits_for_a_grader_that_does_not_start() {
        let grader = Grader::new(4, 1, Duration::from_millis(200));
        let pack = PackRef {
            hash: "0".repeat(64).parse().unwrap(),
            folder: "/p".into(),
        };
        let run = || grader.run(pack.clone(), "x".into(), RunInput::Samples);
        grader.slot_fails();
        let asked = Instant::now();
        assert!(matches!(run().await, Err(ServiceError::NoGrader)));
        assert!(asked.elapsed() < Duration::from_millis(150));
        grader.slot_recovers();
        assert!(matches!(run().await, Err(ServiceError::RunTimedOut { .. })));
    }
}
