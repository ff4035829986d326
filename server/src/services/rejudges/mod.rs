//! Rejudges: submissions are judged anew, by the version that a coach names, and
//! what that would change is shown before it counts.
//!
//! A rejudge is a set of judgements of the lowest class whose outcomes are *held*:
//! workers judge them as any other, but nobody but coaches sees what comes of it.
//! When all are done, a coach applies them, in one transaction: verdicts, scores and
//! what students have reached change together. Or discards them. The judgements from
//! before stay in either case. One rejudge of a problem is open at a time, so what
//! is compared is what counts.
//!
//! An answer whose numbers are others in the version that would judge it is refused
//! ([`numbers`]): it is counted and shown, and keeps its verdict.
//!
//! A fault of ours is no result: such a judgement is shown, and left out when the
//! others are applied.

mod numbers;

pub use numbers::AnsweredVariant;

use super::clock::Clock;
use super::events::Events;
use super::judgements::{Class, outcome};
use super::problems::{Problems, Status};
use super::sessions::Viewer;
use super::{Result, ServiceError, visibility};
use crate::db::entity::{judgement, rejudge};
use crate::db::rejudges::Line;
use crate::db::{self, Database, DbError};
use crate::ids::{RejudgeId, SubmissionId};
use gradien_problems::{PackHash, PackSlug, Report, Score, Verdict};
use std::collections::HashMap;

/// Newest rejudges of a problem that are listed.
const LISTED: u64 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Open,
    Applied,
    Discarded,
}

impl State {
    const ALL: [State; 3] = [State::Open, State::Applied, State::Discarded];

    /// As the database and style sheets have it.
    pub fn name(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Applied => "applied",
            State::Discarded => "discarded",
        }
    }

    fn from_name(name: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Which submissions of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    All,
    /// Those that another version judged.
    OfOtherVersions,
    One(SubmissionId),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    pub verdict: Verdict,
    pub score: Score,
}

/// A submission's outcome before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    pub submission: SubmissionId,
    /// Display name.
    pub author: String,
    pub submitted_at_ms: i64,
    /// Absent where the judgement from before is gone.
    pub before: Option<Outcome>,
    /// Absent while it is not judged.
    pub after: Option<Outcome>,
    /// It is not judged anew: this variant has other numbers in the new version.
    pub refused: Option<AnsweredVariant>,
}

impl Comparison {
    pub fn has_changed(&self) -> bool {
        self.after.is_some() && self.before != self.after
    }

    /// It will not count, whatever is decided.
    pub fn is_fault(&self) -> bool {
        self.after
            .is_some_and(|after| after.verdict == Verdict::JudgeError)
    }
}

/// One line of a list.
#[derive(Debug, Clone)]
pub struct RejudgeRow {
    pub id: RejudgeId,
    pub hash: PackHash,
    pub state: State,
    pub created_at_ms: i64,
    pub done: u64,
    pub total: u64,
}

#[derive(Debug, Clone)]
pub struct RejudgeView {
    pub row: RejudgeRow,
    pub slug: PackSlug,
    pub comparisons: Vec<Comparison>,
}

#[derive(Clone)]
pub struct Rejudges {
    db: Database,
    clock: Clock,
    problems: Problems,
    events: Events,
}

impl Rejudges {
    pub(super) fn new(db: Database, clock: Clock, problems: Problems, events: Events) -> Rejudges {
        Rejudges {
            db,
            clock,
            problems,
            events,
        }
    }

    /// Has submissions judged anew by this version. Submissions that wait for their
    /// first judgement are not among them.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] where there is no such
    /// version, or nothing to judge; [`ServiceError::PackSealed`];
    /// [`ServiceError::RejudgeOpen`]; [`ServiceError::PackUnready`] while the version's
    /// variants are not drawn.
    pub async fn create(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        hash: &PackHash,
        scope: Scope,
    ) -> Result<RejudgeId> {
        let (version, _) = self.problems.get_version(viewer, slug, hash).await?;
        if version.status == Status::Sealed {
            return Err(ServiceError::PackSealed);
        }
        let id = RejudgeId::random();
        let now_ms = self.clock.now_ms();
        let txn = self.db.begin_write().await?;
        if db::rejudges::count_in_state(&*txn, slug.as_str(), State::Open.name()).await? > 0 {
            return Err(ServiceError::RejudgeOpen);
        }
        let one = match scope {
            Scope::One(submission) => Some(submission.to_string()),
            Scope::All | Scope::OfOtherVersions => None,
        };
        let except = (scope == Scope::OfOtherVersions).then_some(hash.as_str());
        let submissions =
            db::rejudges::list_judged(&*txn, slug.as_str(), one.as_deref(), except).await?;
        if submissions.is_empty() {
            return Err(ServiceError::NotFound { what: "submission" });
        }
        let unfit = numbers::list_unfit(&txn, &self.problems, slug, hash, &submissions).await?;
        let mut judgements = Vec::with_capacity(submissions.len());
        for (at, (submission_id, _)) in submissions.into_iter().enumerate() {
            let before = db::submissions::find_judgement(&*txn, &submission_id).await?;
            // One after the other, in the order of the submissions.
            let queued_at_ms = now_ms + at as i64;
            let class = Class::Rejudge as i32;
            let refused = unfit.contains(&submission_id);
            judgements.push(judgement::Model {
                rejudge_id: Some(id.to_string()),
                held: 1,
                before_id: before.map(|before| before.id),
                not_before_ms: now_ms,
                state: match refused {
                    true => db::judgements::REFUSED.into(),
                    false => db::judgements::QUEUED.into(),
                },
                ..judgement::Model::queued(submission_id, class, hash.to_string(), queued_at_ms)
            });
        }
        let (count, refused) = (judgements.len(), unfit.len());
        let row = rejudge::Model {
            id: id.to_string(),
            slug: slug.to_string(),
            pack_hash: hash.to_string(),
            author_id: Some(viewer.user.id.to_string()),
            created_at_ms: now_ms,
            state: State::Open.name().into(),
            ended_at_ms: None,
        };
        db::rejudges::create(&*txn, row).await?;
        db::rejudges::create_judgements(&*txn, judgements).await?;
        txn.commit().await?;
        tracing::info!(%id, %slug, %hash, count, refused, by = %viewer.user.id, "rejudge begun");
        self.events.work_arrived();
        Ok(id)
    }

    /// The newest of a problem.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub async fn list(&self, viewer: &Viewer, slug: &PackSlug) -> Result<Vec<RejudgeRow>> {
        visibility::require_coach(viewer)?;
        let mut rows = Vec::new();
        for row in db::rejudges::list_of_problem(self.db.read(), slug.as_str(), LISTED).await? {
            rows.push(self.row(&row).await?);
        }
        Ok(rows)
    }

    /// Submissions to a problem that another version than this judged.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`].
    pub async fn count_of_other_versions(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        hash: &PackHash,
    ) -> Result<u64> {
        visibility::require_coach(viewer)?;
        let count = db::rejudges::count_of_others(self.db.read(), slug.as_str(), hash.as_str());
        Ok(count.await?)
    }

    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub async fn get(&self, viewer: &Viewer, id: RejudgeId) -> Result<RejudgeView> {
        visibility::require_coach(viewer)?;
        let row = db::rejudges::find(self.db.read(), &id.to_string()).await?;
        let row = row.ok_or(NOT_FOUND)?;
        Ok(RejudgeView {
            slug: row.slug.parse().map_err(|_| malformed("pack name"))?,
            comparisons: self.comparisons(&row).await?,
            row: self.row(&row).await?,
        })
    }

    /// How far it is, without what it would change.
    ///
    /// # Errors
    /// As [`Rejudges::get`].
    pub async fn get_row(&self, viewer: &Viewer, id: RejudgeId) -> Result<RejudgeRow> {
        visibility::require_coach(viewer)?;
        let row = db::rejudges::find(self.db.read(), &id.to_string()).await?;
        self.row(&row.ok_or(NOT_FOUND)?).await
    }

    /// Lets the new outcomes count, all at once.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] where it is not open;
    /// [`ServiceError::RejudgeUnfinished`].
    pub async fn apply(&self, viewer: &Viewer, id: RejudgeId) -> Result<()> {
        visibility::require_coach(viewer)?;
        let text = id.to_string();
        let txn = self.db.begin_write().await?;
        let row = find_open(&txn, &text).await?;
        let hash = row.pack_hash.parse().map_err(|_| malformed("pack hash"))?;
        let slug = row.slug.parse().map_err(|_| malformed("pack name"))?;
        let max_score = self.problems.version(&hash, &slug)?.max_score();
        let (total, done) = db::rejudges::count_judgements(&*txn, &text).await?;
        if done < total {
            return Err(ServiceError::RejudgeUnfinished);
        }
        let mut applied = 0;
        for line in db::rejudges::list_lines(&*txn, &text).await? {
            let fault = line.verdict.as_deref() == Some(Verdict::JudgeError.code());
            if fault || line.state == db::judgements::REFUSED {
                continue;
            }
            let found = db::judgements::find(&*txn, &line.id).await?;
            let found = found.ok_or(malformed("judgement"))?;
            let json = found.report_json.ok_or(malformed("report"))?;
            let report: Report = serde_json::from_str(&json).map_err(|_| malformed("report"))?;
            let judged_at_ms = found.done_at_ms.unwrap_or(row.created_at_ms);
            let outcome = outcome(&report, judged_at_ms);
            db::rejudges::release_judgement(&*txn, &line.id).await?;
            let (version, max) = (&row.pack_hash, max_score.hundredths() as i32);
            db::rejudges::record_version(&*txn, &line.submission_id, version, max).await?;
            db::submissions::record_outcome(&*txn, &line.submission_id, outcome).await?;
            applied += 1;
        }
        let now_ms = self.clock.now_ms();
        db::rejudges::record_state(&*txn, &text, State::Applied.name(), now_ms).await?;
        txn.commit().await?;
        tracing::info!(%id, applied, by = %viewer.user.id, "rejudge applied");
        Ok(())
    }

    /// Nothing comes of it.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] where it is not open.
    pub async fn discard(&self, viewer: &Viewer, id: RejudgeId) -> Result<()> {
        visibility::require_coach(viewer)?;
        let text = id.to_string();
        let txn = self.db.begin_write().await?;
        find_open(&txn, &text).await?;
        db::rejudges::remove_waiting(&*txn, &text).await?;
        let now_ms = self.clock.now_ms();
        db::rejudges::record_state(&*txn, &text, State::Discarded.name(), now_ms).await?;
        txn.commit().await?;
        tracing::info!(%id, by = %viewer.user.id, "rejudge discarded");
        Ok(())
    }

    async fn row(&self, row: &rejudge::Model) -> Result<RejudgeRow> {
        let (total, done) = db::rejudges::count_judgements(self.db.read(), &row.id).await?;
        Ok(RejudgeRow {
            id: row.id.parse().map_err(|_| malformed("rejudge id"))?,
            hash: row.pack_hash.parse().map_err(|_| malformed("pack hash"))?,
            state: State::from_name(&row.state).ok_or(malformed("rejudge state"))?,
            created_at_ms: row.created_at_ms,
            done,
            total,
        })
    }

    async fn comparisons(&self, row: &rejudge::Model) -> Result<Vec<Comparison>> {
        let lines = db::rejudges::list_lines(self.db.read(), &row.id).await?;
        let before: Vec<&str> = lines
            .iter()
            .filter_map(|l| l.before_id.as_deref())
            .collect();
        let before = db::rejudges::list_lines_by_id(self.db.read(), &before).await?;
        let before: HashMap<&str, &Line> = before.iter().map(|l| (l.id.as_str(), l)).collect();
        let authors = db::rejudges::list_authors(self.db.read(), &row.id).await?;
        let mut authors: HashMap<_, _> = authors.into_iter().map(|a| (a.id.clone(), a)).collect();
        let refused = lines
            .iter()
            .filter(|line| line.state == db::judgements::REFUSED);
        let refused: Vec<&str> = refused.map(|line| line.submission_id.as_str()).collect();
        let mut refused = numbers::list_answered(self.db.read(), &refused).await?;
        let mut comparisons = Vec::with_capacity(lines.len());
        for line in &lines {
            let author = authors.remove(&line.id).ok_or(malformed("judgement"))?;
            let old = line.before_id.as_deref().and_then(|id| before.get(id));
            comparisons.push(Comparison {
                submission: line
                    .submission_id
                    .parse()
                    .map_err(|_| malformed("submission id"))?,
                author: author.display_name,
                submitted_at_ms: author.submitted_at_ms,
                before: match old {
                    Some(old) => self.outcome_of(old).await?,
                    None => None,
                },
                after: self.outcome_of(line).await?,
                refused: refused.remove(&line.submission_id),
            });
        }
        Ok(comparisons)
    }

    async fn outcome_of(&self, line: &Line) -> Result<Option<Outcome>> {
        if line.state != db::judgements::DONE {
            return Ok(None);
        }
        if let (Some(code), Some(score)) = (&line.verdict, line.score_hundredths) {
            return Ok(Some(Outcome {
                verdict: Verdict::from_code(code).ok_or(malformed("verdict"))?,
                score: Score::from_hundredths(u32::try_from(score).unwrap_or(0)),
            }));
        }
        // From before the columns were there.
        let found = db::judgements::find(self.db.read(), &line.id).await?;
        let Some(json) = found.and_then(|found| found.report_json) else {
            return Ok(None);
        };
        let report: Report = serde_json::from_str(&json).map_err(|_| malformed("report"))?;
        Ok(Some(Outcome {
            verdict: report.verdict,
            score: report.score,
        }))
    }
}

const NOT_FOUND: ServiceError = ServiceError::NotFound { what: "rejudge" };

async fn find_open(txn: &db::WriteTransaction, id: &str) -> Result<rejudge::Model> {
    let row = db::rejudges::find(&**txn, id).await?;
    row.filter(|row| row.state == State::Open.name())
        .ok_or(NOT_FOUND)
}

fn malformed(what: &'static str) -> DbError {
    DbError::Malformed { what }
}
