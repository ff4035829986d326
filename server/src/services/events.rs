//! What happens to submissions, as it happens. The database is the truth; this
//! only tells who watches that it is time to look, and how far a judgement is.
//!
//! A watcher subscribes first and then reads the submission, so nothing falls
//! between; a watcher that lagged behind reads it again.

use crate::ids::SubmissionId;
use gradien_problems::protocol::Progress;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, broadcast, watch};

/// Events that a slow watcher may be behind before it has to read anew.
const BACKLOG: usize = 1024;

#[derive(Debug, Clone)]
pub struct SubmissionEvent {
    pub submission: SubmissionId,
    pub change: Change,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A grader took it.
    Started,
    Progress(Progress),
    /// A grader gave it back; another will take it.
    Requeued,
    /// The report can be read.
    Judged,
}

#[derive(Clone)]
pub struct Events {
    sender: broadcast::Sender<SubmissionEvent>,
    /// The last progress of what is being judged now.
    latest: Arc<Mutex<HashMap<SubmissionId, Progress>>>,
    work: Arc<Notify>,
    /// Becomes true when the server stops.
    stopping: watch::Sender<bool>,
}

impl Events {
    pub fn new() -> Events {
        Events {
            sender: broadcast::channel(BACKLOG).0,
            latest: Arc::default(),
            work: Arc::default(),
            stopping: watch::Sender::new(false),
        }
    }

    /// Tells one idle worker of this process that the queue is not empty.
    pub fn work_arrived(&self) {
        self.work.notify_one();
    }

    /// Until [`Events::work_arrived`] is called, or was since the last wait.
    pub async fn wait_for_work(&self) {
        self.work.notified().await;
    }

    /// The server stops: whoever streams to a browser ends, or stopping would
    /// wait for them.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Until [`Events::stop`] is called, or at once where it was.
    pub async fn stopped(&self) {
        // The sender is ours, so it outlives the wait.
        let _ = self.stopping.subscribe().wait_for(|stop| *stop).await;
    }

    pub fn subscribe(&self) -> broadcast::Receiver<SubmissionEvent> {
        self.sender.subscribe()
    }

    pub fn publish(&self, submission: SubmissionId, change: Change) {
        match &change {
            Change::Progress(progress) => {
                self.latest().insert(submission, progress.clone());
            }
            Change::Started | Change::Requeued | Change::Judged => {
                self.latest().remove(&submission);
            }
        }
        // Nobody watching is no error.
        let _ = self.sender.send(SubmissionEvent { submission, change });
    }

    pub fn find_progress(&self, submission: SubmissionId) -> Option<Progress> {
        self.latest().get(&submission).cloned()
    }

    fn latest(&self) -> MutexGuard<'_, HashMap<SubmissionId, Progress>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Events {
    fn default() -> Self {
        Events::new()
    }
}
