//! Drafts: what somebody typed and did not submit yet, on their account.

use super::clock::Clock;
use super::problems::Problems;
use super::sessions::Viewer;
use super::{Result, ServiceError};
use crate::db::entity::draft::Model;
use crate::db::{self, Database, DbError};
use gradien_problems::PackSlug;
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
    problems: Problems,
}

impl Drafts {
    pub(super) fn new(db: Database, clock: Clock, problems: Problems) -> Drafts {
        Drafts {
            db,
            clock,
            problems,
        }
    }

    /// Replaces the draft of the viewer for this problem. It need not be fit to
    /// be submitted. Gives the time of saving.
    ///
    /// # Errors
    /// No such problem, or longer than a submission may be.
    pub async fn save(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        content: &Submission,
    ) -> Result<i64> {
        self.problems.get(Some(viewer), slug)?;
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
            slug: slug.to_string(),
            content_json,
            saved_at_ms,
        };
        let txn = self.db.begin_write().await?;
        db::drafts::save(&*txn, draft).await?;
        txn.commit().await?;
        Ok(saved_at_ms)
    }

    pub async fn find(&self, viewer: &Viewer, slug: &PackSlug) -> Result<Option<Draft>> {
        let user = viewer.user.id.to_string();
        let Some(row) = db::drafts::find(self.db.read(), &user, slug.as_str()).await? else {
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
