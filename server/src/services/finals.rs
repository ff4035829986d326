//! The final submission of a problem whose hidden rows are in two parts: the one
//! whose value on part B counts when that is opened. The student chooses it by
//! what they know, part A; until they do it is the best on A.

use super::clock::Clock;
use super::sessions::Viewer;
use super::submissions::Submissions;
use super::{Result, ServiceError, attempts};
use crate::db::entity::final_submission::Model;
use crate::db::{self, Database, DbError};
use crate::ids::{SubmissionId, UserId};
use gradien_problems::pack::Kind;
use gradien_problems::{Pack, PackSlug};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FinalSubmission {
    pub id: SubmissionId,
    /// By the student; otherwise it is the best on A.
    pub chosen: bool,
}

#[derive(Clone)]
pub struct Finals {
    db: Database,
    clock: Clock,
    submissions: Submissions,
}

/// Whether a problem has a part that is opened later.
pub fn has_final(pack: &Pack) -> bool {
    matches!(pack.kind, Kind::Prediction(_))
}

impl Finals {
    pub(super) fn new(db: Database, clock: Clock, submissions: Submissions) -> Finals {
        Finals {
            db,
            clock,
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
        let best = db::finals::find_best(self.db.read(), &user, slug.as_str(), &refunded).await?;
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
    /// counts as no attempt, or its problem has no such choice.
    pub async fn choose(&self, viewer: &Viewer, id: SubmissionId) -> Result<()> {
        let row = self.submissions.get_row(viewer, id).await?;
        let verdict = row.outcome.map(|outcome| outcome.verdict);
        let counts = verdict.is_some_and(|verdict| !verdict.refunds_attempt());
        let own = self.submissions.is_own(viewer, id).await?;
        if !own || !counts || !has_final(&row.pack) {
            return Err(ServiceError::NotFound { what: "submission" });
        }
        let chosen = Model {
            user_id: viewer.user.id.to_string(),
            slug: row.pack.slug.to_string(),
            submission_id: id.to_string(),
            chosen_at_ms: self.clock.now_ms(),
        };
        let txn = self.db.begin_write().await?;
        db::finals::save(&*txn, chosen).await?;
        txn.commit().await?;
        Ok(())
    }
}
