//! The final submission of a problem whose hidden rows are in two parts: the one
//! whose value on part B counts when that is opened. The student chooses it by
//! what they know, part A; until they do it is the best on A. Once B is open
//! nothing can be chosen any more, and what is handed in after that is practice.

use super::clock::Clock;
use super::problems::Problems;
use super::sessions::Viewer;
use super::submissions::{SubmissionState, Submissions};
use super::{Result, ServiceError, attempts, visibility};
use crate::db::entity::{final_submission, opened_part};
use crate::db::{self, Database, DbError};
use crate::ids::{SubmissionId, UserId};
use gradien_problems::pack::Kind;
use gradien_problems::report::{MetricValue, Split};
use gradien_problems::{Pack, PackSlug, Score};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FinalSubmission {
    pub id: SubmissionId,
    /// By the student; otherwise it is the best on A.
    pub chosen: bool,
}

/// One student's final submission, for coaches.
#[derive(Debug, Clone)]
pub struct FinalRow {
    pub username: String,
    pub display_name: String,
    pub submission: FinalSubmission,
    pub score: Score,
    /// Of both parts, A first.
    pub metrics: Vec<MetricValue>,
}

#[derive(Clone)]
pub struct Finals {
    db: Database,
    clock: Clock,
    problems: Problems,
    submissions: Submissions,
}

/// Whether a problem has a part that is opened later.
pub fn has_final(pack: &Pack) -> bool {
    matches!(pack.kind, Kind::Prediction(_) | Kind::Model(_))
}

impl Finals {
    pub(super) fn new(
        db: Database,
        clock: Clock,
        problems: Problems,
        submissions: Submissions,
    ) -> Finals {
        Finals {
            db,
            clock,
            problems,
            submissions,
        }
    }

    /// The final submission of this user; `None` where nothing counts yet.
    pub async fn find(&self, user: UserId, slug: &PackSlug) -> Result<Option<FinalSubmission>> {
        let user = user.to_string();
        let parse = |id: &str| {
            let what = "submission id";
            id.parse().map_err(|_| DbError::Malformed { what })
        };
        if let Some(row) = db::finals::find(self.db.read(), &user, slug.as_str()).await? {
            return Ok(Some(FinalSubmission {
                id: parse(&row.submission_id)?,
                chosen: true,
            }));
        }
        let refunded = attempts::refunded_codes();
        let opened = self.opened_at_ms(slug).await?;
        let best =
            db::finals::find_best(self.db.read(), &user, slug.as_str(), &refunded, opened).await?;
        match best {
            Some(row) => Ok(Some(FinalSubmission {
                id: parse(&row.id)?,
                chosen: false,
            })),
            None => Ok(None),
        }
    }

    /// Makes this the viewer's final submission, in place of any other.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where it is not the viewer's own, is not judged,
    /// counts as no attempt, or its problem has no such choice;
    /// [`ServiceError::PartOpened`] where it is too late.
    pub async fn choose(&self, viewer: &Viewer, id: SubmissionId) -> Result<()> {
        let row = self.submissions.get_row(viewer, id).await?;
        let verdict = row.outcome.map(|outcome| outcome.verdict);
        let counts = verdict.is_some_and(|verdict| !verdict.refunds_attempt());
        let own = self.submissions.is_own(viewer, id).await?;
        if !own || !counts || !has_final(&row.pack) {
            return Err(ServiceError::NotFound { what: "submission" });
        }
        let chosen = final_submission::Model {
            user_id: viewer.user.id.to_string(),
            slug: row.pack.slug.to_string(),
            submission_id: id.to_string(),
            chosen_at_ms: self.clock.now_ms(),
        };
        let txn = self.db.begin_write().await?;
        // Within the transaction: who sees part B must not choose by it.
        if db::finals::find_opened(&*txn, &chosen.slug)
            .await?
            .is_some()
        {
            return Err(ServiceError::PartOpened);
        }
        db::finals::save(&*txn, chosen).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Since when part B is open.
    pub async fn opened_at_ms(&self, slug: &PackSlug) -> Result<Option<i64>> {
        let opened = db::finals::find_opened(self.db.read(), slug.as_str()).await?;
        Ok(opened.map(|part| part.opened_at_ms))
    }

    /// Shows everybody their values on part B: for good, since what was seen cannot
    /// be unseen. What is open stays as it is.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`]; [`ServiceError::NotFound`] where the problem
    /// has no such part.
    pub async fn open(&self, viewer: &Viewer, slug: &PackSlug) -> Result<()> {
        self.require_parts(viewer, slug)?;
        let part = opened_part::Model {
            slug: slug.to_string(),
            opened_by: viewer.user.id.to_string(),
            opened_at_ms: self.clock.now_ms(),
        };
        let txn = self.db.begin_write().await?;
        db::finals::open(&*txn, part).await?;
        txn.commit().await?;
        Ok(())
    }

    /// Every student's final submission, by user name.
    ///
    /// # Errors
    /// As [`Finals::open`].
    pub async fn list(&self, viewer: &Viewer, slug: &PackSlug) -> Result<Vec<FinalRow>> {
        self.require_parts(viewer, slug)?;
        let role = crate::services::accounts::Role::Student.name();
        let mut rows = Vec::new();
        for user in db::users::list_with_role(self.db.read(), role).await? {
            let id = user.id.parse();
            let id = id.map_err(|_| DbError::Malformed { what: "user id" })?;
            let Some(submission) = self.find(id, slug).await? else {
                continue;
            };
            let view = self.submissions.get(viewer, submission.id).await?;
            // What can be final is judged.
            if let SubmissionState::Judged { report, .. } = view.state {
                rows.push(FinalRow {
                    username: user.username,
                    display_name: user.display_name,
                    submission,
                    score: report.score,
                    metrics: report.metrics,
                });
            }
        }
        Ok(rows)
    }

    /// The value of the viewer's own final submission on part B, once it is open.
    pub async fn own_value(&self, viewer: &Viewer, slug: &PackSlug) -> Result<Option<MetricValue>> {
        if self.opened_at_ms(slug).await?.is_none() {
            return Ok(None);
        }
        let Some(submission) = self.find(viewer.user.id, slug).await? else {
            return Ok(None);
        };
        let view = self.submissions.get(viewer, submission.id).await?;
        let SubmissionState::Judged { report, .. } = view.state else {
            return Ok(None);
        };
        let mut metrics = report.metrics.into_iter();
        Ok(metrics.find(|metric| metric.split == Split::B))
    }

    fn require_parts(&self, viewer: &Viewer, slug: &PackSlug) -> Result<()> {
        visibility::require_coach(viewer)?;
        let pack = self.problems.get(Some(viewer), slug)?.pack;
        match has_final(&pack) {
            true => Ok(()),
            false => Err(ServiceError::NotFound { what: "part B" }),
        }
    }
}
