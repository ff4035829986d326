//! How often somebody may hand in, where a pack says so.
//!
//! A submission that waits counts; one that could not be read or failed by a
//! fault of ours does not, so what is refunded comes back by itself.

use super::Result;
use crate::db;
use gradien_problems::Verdict;
use sea_orm::ConnectionTrait;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    pub used: u32,
    /// `None`: without end.
    pub limit: Option<u32>,
}

impl Attempts {
    pub fn are_spent(self) -> bool {
        self.limit.is_some_and(|limit| self.used >= limit)
    }
}

/// Codes of the verdicts that give an attempt back.
pub(super) fn refunded_codes() -> Vec<&'static str> {
    Verdict::ALL
        .into_iter()
        .filter(|verdict| verdict.refunds_attempt())
        .map(Verdict::code)
        .collect()
}

/// Those of a user on a problem, as far as this transaction sees.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    user_id: &str,
    slug: &str,
    limit: Option<u32>,
) -> Result<Attempts> {
    let used = db::submissions::count_attempts(db, user_id, slug, &refunded_codes()).await?;
    Ok(Attempts {
        used: u32::try_from(used).unwrap_or(u32::MAX),
        limit,
    })
}
