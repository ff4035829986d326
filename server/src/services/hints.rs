//! Hints: opened one by one, recorded, and counted where the place counts them.
//!
//! Opening a hint takes nothing from what was reached before it: of a score, the
//! costs are taken of those hints that were open when it was handed in.

use super::clock::Clock;
use super::problems::ProblemView;
use super::sessions::Viewer;
use super::visibility::{self, Feedback, VisibleHints};
use super::{Result, ServiceError};
use crate::db::entity::opened_hint::Model;
use crate::db::{self, Database};
use crate::ids::UserId;
use gradien_problems::Score;
use gradien_problems::given::Given;
use std::collections::HashMap;

#[derive(Clone)]
pub struct Hints {
    db: Database,
    clock: Clock,
}

/// What was opened before a submission was handed in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HintsUsed {
    pub count: usize,
    pub cost: Score,
}

impl Hints {
    pub(super) fn new(db: Database, clock: Clock) -> Hints {
        Hints { db, clock }
    }

    /// What the viewer sees of a problem's hints; `None`: not that there are any.
    /// Who is not signed in has opened none. `given` has the viewer's numbers.
    pub async fn find(
        &self,
        viewer: Option<&Viewer>,
        problem: &ProblemView,
        feedback: Feedback,
        given: &[Given],
    ) -> Result<Option<VisibleHints>> {
        let opened = match viewer {
            Some(viewer) => {
                let user = viewer.user.id.to_string();
                let (slug, trial) = (problem.pack.slug.as_str(), problem.trial());
                let rows = db::hints::list_of_problem(self.db.read(), &user, slug, trial);
                rows.await?.len()
            }
            None => 0,
        };
        Ok(visibility::hints(feedback, &problem.pack, opened, given))
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
        problem: &ProblemView,
        number: usize,
        feedback: Feedback,
    ) -> Result<()> {
        let not_found = || ServiceError::NotFound { what: "hint" };
        let (pack, trial) = (&problem.pack, problem.trial());
        let user = viewer.user.id.to_string();
        let txn = self.db.begin_write().await?;
        let opened = db::hints::list_of_problem(&*txn, &user, pack.slug.as_str(), trial).await?;
        let seen = visibility::hints(feedback, pack, opened.len(), &[]).ok_or_else(not_found)?;
        if (1..=seen.opened.len()).contains(&number) {
            return Ok(());
        }
        let next = seen.next.filter(|next| next.number == number);
        let next = next.ok_or_else(not_found)?;
        let hint = Model {
            user_id: user,
            slug: pack.slug.to_string(),
            trial: trial.to_owned(),
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

/// Those that this user had opened when they handed in at this time: of the problem,
/// not of versions that they tried.
pub(super) async fn used_before(
    db: &Database,
    user: UserId,
    slug: &str,
    submitted_at_ms: i64,
) -> Result<HintsUsed> {
    let opened = db::hints::list_of_problem(db.read(), &user.to_string(), slug, "").await?;
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

/// By problem, what was opened of its hints.
pub(super) struct OpenedHints(HashMap<String, Vec<Model>>);

impl OpenedHints {
    pub(super) async fn read(db: &Database, user: &str) -> Result<OpenedHints> {
        let mut opened: HashMap<String, Vec<Model>> = HashMap::new();
        for hint in db::hints::list_of_user(db.read(), user).await? {
            opened.entry(hint.slug.clone()).or_default().push(hint);
        }
        Ok(OpenedHints(opened))
    }

    pub(super) fn slugs(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What hints take from a score that was complete at this time; `None` while it is 0.
    pub(super) fn cost(&self, slug: &str, reached_at_ms: Option<i64>) -> Score {
        match (self.0.get(slug), reached_at_ms) {
            (Some(hints), Some(at_ms)) => used(hints, at_ms).cost,
            _ => Score::ZERO,
        }
    }
}
