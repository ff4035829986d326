//! Drafts: what somebody typed and did not submit yet, on their account.

use super::clock::Clock;
use super::problems::ProblemView;
use super::sessions::Viewer;
use super::{Result, ServiceError};
use crate::db::entity::draft::Model;
use crate::db::{self, Database, DbError};
use gradien_problems::protocol::{MAX_SOURCE_BYTES, Submission};

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub content: Submission,
    pub saved_at_ms: i64,
}

#[derive(Clone)]
pub struct Drafts {
    db: Database,
    clock: Clock,
}

impl Drafts {
    pub(super) fn new(db: Database, clock: Clock) -> Drafts {
        Drafts { db, clock }
    }

    /// Replaces the draft of the viewer for this problem, or for the version of it that
    /// they try. It need not be fit to be submitted. Gives the time of saving.
    ///
    /// # Errors
    /// Longer than a submission may be.
    pub async fn save(
        &self,
        viewer: &Viewer,
        problem: &ProblemView,
        content: &Submission,
    ) -> Result<i64> {
        let content_json = serde_json::to_string(content)
            .map_err(|error| ServiceError::internal(format!("draft: {error}")))?;
        // JSON may double what it quotes.
        if content_json.len() > 2 * MAX_SOURCE_BYTES {
            return Err(ServiceError::DraftTooLong {
                limit_bytes: MAX_SOURCE_BYTES,
            });
        }
        let saved_at_ms = self.clock.now_ms();
        let draft = Model {
            user_id: viewer.user.id.to_string(),
            slug: problem.pack.slug.to_string(),
            trial: problem.trial().to_owned(),
            content_json,
            saved_at_ms,
        };
        let txn = self.db.begin_write().await?;
        db::drafts::save(&*txn, draft).await?;
        txn.commit().await?;
        Ok(saved_at_ms)
    }

    pub async fn find(&self, viewer: &Viewer, problem: &ProblemView) -> Result<Option<Draft>> {
        let user = viewer.user.id.to_string();
        let (slug, trial) = (problem.pack.slug.as_str(), problem.trial());
        let Some(row) = db::drafts::find(self.db.read(), &user, slug, trial).await? else {
            return Ok(None);
        };
        let content = serde_json::from_str(&row.content_json)
            .map_err(|_| DbError::Malformed { what: "draft" })?;
        Ok(Some(Draft {
            content,
            saved_at_ms: row.saved_at_ms,
        }))
    }
}
