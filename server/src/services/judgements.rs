//! The queue of judgements, as workers see it.
//!
//! A worker *leases* the oldest judgement of the highest class. The lease runs
//! out unless it is renewed, and each has a *fencing token*, a number that grows
//! with every lease of the judgement. A report is taken only with the token of
//! the last lease: a worker that was believed dead and comes back late changes
//! nothing.
//!
//! What ends a lease:
//! - a report: kept, with the outcome, in one transaction;
//! - a fault of ours (the grader died, a deadline passed, the lease ran out):
//!   tried again, [`MAX_ATTEMPTS`] times in all, then the report is a judge
//!   error whose incident the log explains. Never a verdict on the student;
//! - the worker was told to stop: given back, and not counted as an attempt.
//!
//! A judgement that is given back again and again (the machine dies whenever it
//! runs) ends after [`MAX_LEASES`].

use super::clock::Clock;
use super::events::{Change, Events};
use super::problems::{Problems, pack_ref};
use super::{Result, ServiceError};
use crate::db::entity::{judgement, submission};
use crate::db::{self, Database, DbError, WriteTransaction};
use crate::ids::{IncidentId, JudgementId, SubmissionId};
use gradien_problems::protocol::{PackRef, Progress, Submission};
use gradien_problems::report::Provenance;
use gradien_problems::{Message, PackSlug, Report, Score, Verdict};
use std::time::Duration;

pub const MAX_ATTEMPTS: i32 = 3;
pub const MAX_LEASES: i32 = 20;
/// Before the second attempt; doubled before each further one.
const FIRST_PAUSE_MS: i64 = 200;

/// What goes first. Lower numbers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Class {
    LiveContest = 0,
    TestRun = 10,
    Practice = 20,
    Rejudge = 30,
}

/// Who leases. Names of workers inside `serve` open with [`Worker::EMBEDDED`]:
/// they die with the process that holds the data folder's lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker(String);

impl Worker {
    const EMBEDDED: &'static str = "embedded-";

    /// A worker inside the server's process.
    pub fn embedded() -> Worker {
        Worker(format!("{}{}", Worker::EMBEDDED, IncidentId::random()))
    }

    pub fn name(&self) -> &str {
        &self.0
    }
}

/// A judgement in a worker's hands.
#[derive(Debug, Clone)]
pub struct Leased {
    pub judgement: JudgementId,
    pub submission: SubmissionId,
    pub slug: PackSlug,
    pub pack: PackRef,
    pub content: Submission,
    /// Counted from 1.
    pub attempt: i32,
    max_score: Score,
    fencing: i64,
    /// The outcome does not count yet: it belongs to a rejudge.
    held: bool,
}

/// Which lease of which judgement a report is of.
struct Held<'a> {
    judgement: &'a str,
    submission: &'a str,
    fencing: i64,
    outcome_counts: bool,
}

/// What became of what a worker said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// It is kept.
    Taken,
    /// The lease was no longer this worker's; nothing has changed.
    TooLate,
}

#[derive(Clone)]
pub struct Judgements {
    db: Database,
    clock: Clock,
    problems: Problems,
    events: Events,
}

impl Judgements {
    pub(super) fn new(db: Database, clock: Clock, problems: Problems, events: Events) -> Self {
        Judgements {
            db,
            clock,
            problems,
            events,
        }
    }

    /// The next judgement for this worker, if any may begin now.
    pub async fn lease(&self, worker: &Worker, lasts: Duration) -> Result<Option<Leased>> {
        loop {
            // Without this look the queue's idle pollers would all line up to write.
            let now_ms = self.clock.now_ms();
            if db::judgements::find_next(self.db.read(), now_ms)
                .await?
                .is_none()
            {
                return Ok(None);
            }
            let txn = self.db.begin_write().await?;
            let Some(mut row) = db::judgements::find_next(&*txn, now_ms).await? else {
                return Ok(None);
            };
            let submission = db::submissions::find(&*txn, &row.submission_id)
                .await?
                .ok_or(malformed("judgement"))?;
            let expired = row.state == db::judgements::LEASED;
            db::judgements::lease(&*txn, &row, worker.name(), now_ms + ms(lasts)).await?;
            let before = row.clone();
            row.fencing += 1;
            let spent = before.attempts >= MAX_ATTEMPTS || before.leases >= MAX_LEASES;
            let leased = if spent {
                Err(ServiceError::internal("its workers fell silent too often"))
            } else {
                self.leased(&row, &submission)
            };
            let leased = match leased {
                Ok(leased) => leased,
                // It must not block the queue: also where its pack is gone or
                // its row is damaged.
                Err(error) => {
                    let detail = error.to_string();
                    let id = self.give_up(txn, &row, &submission, &detail).await?;
                    self.events.publish(id, Change::Judged);
                    continue;
                }
            };
            txn.commit().await?;
            if expired {
                let silent = before.worker.unwrap_or_default();
                tracing::warn!(judgement = %leased.judgement, silent, attempt = leased.attempt, "lease ran out; judged anew");
            }
            self.events.publish(leased.submission, Change::Started);
            return Ok(Some(leased));
        }
    }

    fn leased(&self, row: &judgement::Model, submission: &submission::Model) -> Result<Leased> {
        let hash = row.pack_hash.parse();
        let slug: PackSlug = submission
            .slug
            .parse()
            .map_err(|_| malformed("pack name"))?;
        let pack = self
            .problems
            .version(&hash.map_err(|_| malformed("pack hash"))?, &slug)?;
        let content = &submission.content_json;
        Ok(Leased {
            judgement: row.id.parse().map_err(|_| malformed("judgement id"))?,
            submission: (submission.id.parse()).map_err(|_| malformed("submission id"))?,
            pack: pack_ref(&pack),
            slug,
            content: serde_json::from_str(content).map_err(|_| malformed("submission"))?,
            attempt: row.attempts + 1,
            max_score: pack.max_score(),
            fencing: row.fencing,
            held: row.held != 0,
        })
    }

    /// Says that the worker is at it still.
    pub async fn renew(&self, leased: &Leased, lasts: Duration) -> Result<Said> {
        let expires_at_ms = self.clock.now_ms() + ms(lasts);
        let txn = self.db.begin_write().await?;
        let id = leased.judgement.to_string();
        let held = db::judgements::renew(&*txn, &id, leased.fencing, expires_at_ms).await?;
        txn.commit().await?;
        Ok(said(held))
    }

    /// Tells who watches how far it is. Kept in memory alone.
    pub fn progress(&self, leased: &Leased, progress: Progress) {
        self.events
            .publish(leased.submission, Change::Progress(progress));
    }

    /// Keeps the report, and the outcome for lists and progress with it.
    pub async fn record(&self, leased: &Leased, report: &Report) -> Result<Said> {
        let txn = self.db.begin_write().await?;
        let (judgement, submission) = (leased.judgement.to_string(), leased.submission.to_string());
        let lease = Held {
            judgement: &judgement,
            submission: &submission,
            fencing: leased.fencing,
            outcome_counts: !leased.held,
        };
        if !self.keep(&txn, lease, report).await? {
            return Ok(Said::TooLate);
        }
        txn.commit().await?;
        self.events.publish(leased.submission, Change::Judged);
        Ok(Said::Taken)
    }

    /// A fault of ours. Tries again, or gives up with a judge error where that
    /// is of no use or was done often enough.
    pub async fn fail(&self, leased: &Leased, detail: &str, retryable: bool) -> Result<Said> {
        let again = retryable && leased.attempt < MAX_ATTEMPTS;
        tracing::warn!(judgement = %leased.judgement, attempt = leased.attempt, again, detail, "a judgement failed");
        let txn = self.db.begin_write().await?;
        let id = leased.judgement.to_string();
        if again {
            let pause_ms = FIRST_PAUSE_MS << (leased.attempt - 1);
            let not_before_ms = self.clock.now_ms() + pause_ms;
            let held =
                db::judgements::requeue(&*txn, &id, leased.fencing, not_before_ms, leased.attempt)
                    .await?;
            txn.commit().await?;
            if held {
                self.events.publish(leased.submission, Change::Requeued);
            }
            return Ok(said(held));
        }
        let report = judge_error(leased.pack.hash.clone(), leased.max_score, &id, detail);
        let submission = leased.submission.to_string();
        let lease = Held {
            judgement: &id,
            submission: &submission,
            fencing: leased.fencing,
            outcome_counts: !leased.held,
        };
        if !self.keep(&txn, lease, &report).await? {
            return Ok(Said::TooLate);
        }
        txn.commit().await?;
        self.events.publish(leased.submission, Change::Judged);
        Ok(Said::Taken)
    }

    /// Gives it back unfinished because the worker stops; no attempt is counted.
    pub async fn release(&self, leased: &Leased) -> Result<Said> {
        let txn = self.db.begin_write().await?;
        let id = leased.judgement.to_string();
        let now_ms = self.clock.now_ms();
        let attempts = leased.attempt - 1;
        let held = db::judgements::requeue(&*txn, &id, leased.fencing, now_ms, attempts).await?;
        txn.commit().await?;
        if held {
            self.events.publish(leased.submission, Change::Requeued);
            self.events.work_arrived();
        }
        Ok(said(held))
    }

    /// Gives back what workers inside an earlier server process held: that
    /// process is dead, since ours holds the data folder's lock. Gives their number.
    pub async fn release_embedded(&self) -> Result<usize> {
        let txn = self.db.begin_write().await?;
        let rows = db::judgements::list_leased_by(&*txn, Worker::EMBEDDED).await?;
        let now_ms = self.clock.now_ms();
        for row in &rows {
            let attempts = row.attempts - 1;
            db::judgements::requeue(&*txn, &row.id, row.fencing, now_ms, attempts).await?;
        }
        txn.commit().await?;
        Ok(rows.len())
    }

    /// Judgements without a report.
    pub async fn count_open(&self) -> Result<u64> {
        Ok(db::judgements::count_open(self.db.read()).await?)
    }

    /// Writes the report, and the outcome where it counts; whether the lease was held.
    async fn keep(&self, txn: &WriteTransaction, lease: Held<'_>, report: &Report) -> Result<bool> {
        let json = serde_json::to_string(report)
            .map_err(|error| ServiceError::internal(format!("report: {error}")))?;
        let now_ms = self.clock.now_ms();
        let Held {
            judgement, fencing, ..
        } = lease;
        let ended = db::judgements::Ended {
            report_json: &json,
            verdict: report.verdict.code(),
            score_hundredths: report.score.hundredths() as i32,
        };
        if !db::judgements::finish(&**txn, judgement, fencing, ended, now_ms).await? {
            return Ok(false);
        }
        if lease.outcome_counts {
            let outcome = outcome(report, now_ms);
            db::submissions::record_outcome(&**txn, lease.submission, outcome).await?;
        }
        Ok(true)
    }

    /// Ends a judgement that was leased in this very transaction.
    async fn give_up(
        &self,
        txn: WriteTransaction,
        row: &judgement::Model,
        submission: &submission::Model,
        detail: &str,
    ) -> Result<SubmissionId> {
        let id = (submission.id.parse()).map_err(|_| malformed("submission id"))?;
        let pack = (row.pack_hash.parse()).map_err(|_| malformed("pack hash"))?;
        let max_score = score(submission.max_score_hundredths);
        let report = judge_error(pack, max_score, &row.id, detail);
        let lease = Held {
            judgement: &row.id,
            submission: &submission.id,
            fencing: row.fencing,
            outcome_counts: row.held == 0,
        };
        self.keep(&txn, lease, &report).await?;
        txn.commit().await?;
        Ok(id)
    }
}

/// What lists and progress show of a report.
pub(super) fn outcome(report: &Report, judged_at_ms: i64) -> db::submissions::Outcome<'static> {
    let subtasks = report.subtasks.iter();
    db::submissions::Outcome {
        verdict: report.verdict.code(),
        score_hundredths: report.score.hundredths() as i32,
        judged_at_ms,
        subtasks: subtasks
            .map(|s| (s.name.to_string(), s.score.hundredths() as i32))
            .collect(),
    }
}

/// The report of a fault of ours; the log has what happened, under the incident.
fn judge_error(
    pack: gradien_problems::PackHash,
    max_score: Score,
    judgement: &str,
    detail: &str,
) -> Report {
    let incident = IncidentId::random();
    tracing::error!(%incident, judgement, detail, "judge error");
    Report {
        messages: vec![Message::JudgeError {
            incident: incident.to_string(),
        }],
        ..Report::bare(
            Verdict::JudgeError,
            max_score,
            Provenance::not_run(pack, "none"),
        )
    }
}

fn malformed(what: &'static str) -> DbError {
    DbError::Malformed { what }
}

fn score(hundredths: i32) -> Score {
    Score::from_hundredths(u32::try_from(hundredths).unwrap_or(0))
}

fn said(held: bool) -> Said {
    if held { Said::Taken } else { Said::TooLate }
}

fn ms(duration: Duration) -> i64 {
    duration.as_millis() as i64
}
