//! Hints: opened one by one, recorded, and counted where the place counts them.
//!
//! Opening a hint takes nothing from what was reached before it: of a score, the
//! costs are taken of those hints that were open when it was handed in.

use super::clock::Clock;
use super::problems::Problems;
use super::sessions::Viewer;
use super::visibility::{self, Feedback, VisibleHints};
use super::{Result, ServiceError};
use crate::db::entity::opened_hint::Model;
use crate::db::hints::DatedScore;
use crate::db::{self, Database};
use crate::ids::UserId;
use gradien_problems::{PackSlug, Score};
use std::collections::HashMap;

#[derive(Clone)]
pub struct Hints {
    db: Database,
    clock: Clock,
    problems: Problems,
}

/// What was opened before a submission was handed in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HintsUsed {
    pub count: usize,
    pub cost: Score,
}

impl Hints {
    pub(super) fn new(db: Database, clock: Clock, problems: Problems) -> Hints {
        Hints {
            db,
            clock,
            problems,
        }
    }

    /// What the viewer sees of a problem's hints; `None`: not that there are any.
    /// Who is not signed in has opened none.
    ///
    /// # Errors
    /// No such problem.
    pub async fn find(
        &self,
        viewer: Option<&Viewer>,
        slug: &PackSlug,
        feedback: Feedback,
    ) -> Result<Option<VisibleHints>> {
        let pack = self.problems.get(viewer, slug)?.pack;
        let opened = match viewer {
            Some(viewer) => {
                let user = viewer.user.id.to_string();
                let rows = db::hints::list_of_problem(self.db.read(), &user, slug.as_str()).await?;
                rows.len()
            }
            None => 0,
        };
        Ok(visibility::hints(feedback, &pack, opened))
    }

    /// Opens the hint with this number, counted from 1. One that is open already
    /// stays as it is: a form may be sent twice.
    ///
    /// # Errors
    /// [`ServiceError::NotFound`] where there is none, none is given here, or
    /// one before it is not open yet.
    pub async fn open(
        &self,
        viewer: &Viewer,
        slug: &PackSlug,
        number: usize,
        feedback: Feedback,
    ) -> Result<()> {
        let not_found = || ServiceError::NotFound { what: "hint" };
        let pack = self.problems.get(Some(viewer), slug)?.pack;
        let user = viewer.user.id.to_string();
        let txn = self.db.begin_write().await?;
        let opened = db::hints::list_of_problem(&*txn, &user, slug.as_str()).await?;
        let seen = visibility::hints(feedback, &pack, opened.len()).ok_or_else(not_found)?;
        if (1..=seen.opened.len()).contains(&number) {
            return Ok(());
        }
        let next = seen.next.filter(|next| next.number == number);
        let next = next.ok_or_else(not_found)?;
        let hint = Model {
            user_id: user,
            slug: slug.to_string(),
            number: i32::try_from(number).map_err(|_| not_found())?,
            pack_hash: pack.hash.to_string(),
            cost_hundredths: next.cost.hundredths() as i32,
            opened_at_ms: self.clock.now_ms(),
        };
        db::hints::create(&*txn, hint).await?;
        txn.commit().await?;
        Ok(())
    }
}

/// Those that this user had opened when they handed in at this time.
pub(super) async fn used_before(
    db: &Database,
    user: UserId,
    slug: &str,
    submitted_at_ms: i64,
) -> Result<HintsUsed> {
    let opened = db::hints::list_of_problem(db.read(), &user.to_string(), slug).await?;
    Ok(used(&opened, submitted_at_ms))
}

fn used(opened: &[Model], submitted_at_ms: i64) -> HintsUsed {
    let before = opened
        .iter()
        .filter(|hint| hint.opened_at_ms <= submitted_at_ms);
    let costs =
        before.map(|hint| Score::from_hundredths(u32::try_from(hint.cost_hundredths).unwrap_or(0)));
    let costs: Vec<Score> = costs.collect();
    HintsUsed {
        count: costs.len(),
        cost: costs.into_iter().sum(),
    }
}

/// By problem, what hints take from a user's best score.
pub(super) async fn list_costs(db: &Database, user: UserId) -> Result<HashMap<String, Score>> {
    let user = user.to_string();
    let mut opened: HashMap<String, Vec<Model>> = HashMap::new();
    for hint in db::hints::list_of_user(db.read(), &user).await? {
        opened.entry(hint.slug.clone()).or_default().push(hint);
    }
    if opened.is_empty() {
        return Ok(HashMap::new());
    }
    let slugs: Vec<&str> = opened.keys().map(String::as_str).collect();
    let scores = db::hints::list_dated_scores(db.read(), &user, &slugs).await?;
    let costs = opened.iter().map(|(slug, hints)| {
        let of_problem = scores.iter().filter(|score| score.slug == *slug);
        let cost = match reached_at_ms(of_problem) {
            Some(at_ms) => used(hints, at_ms).cost,
            None => Score::ZERO,
        };
        (slug.clone(), cost)
    });
    Ok(costs.collect())
}

/// When the best score, over all subtasks, was complete; `None` while it is 0.
fn reached_at_ms<'a>(scores: impl Iterator<Item = &'a DatedScore>) -> Option<i64> {
    let mut best: HashMap<&str, (i32, i64)> = HashMap::new();
    for score in scores.filter(|score| score.score_hundredths > 0) {
        let found = (score.score_hundredths, score.submitted_at_ms);
        let kept = best.entry(&score.subtask).or_insert(found);
        if found.0 > kept.0 || (found.0 == kept.0 && found.1 < kept.1) {
            *kept = found;
        }
    }
    best.values().map(|(_, at_ms)| *at_ms).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(subtask: &str, score_hundredths: i32, submitted_at_ms: i64) -> DatedScore {
        DatedScore {
            slug: "x".into(),
            subtask: subtask.into(),
            score_hundredths,
            submitted_at_ms,
        }
    }

    #[test]
    fn a_score_is_complete_when_its_last_part_was_first_reached() {
        let scores = [
            score("a", 10, 1),
            score("a", 40, 5),
            score("b", 20, 3),
            score("a", 40, 9),
            score("b", 0, 12),
        ];
        assert_eq!(reached_at_ms(scores.iter()), Some(5));
        assert_eq!(reached_at_ms([score("a", 0, 1)].iter()), None);
    }
}
