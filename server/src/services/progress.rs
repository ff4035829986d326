//! What a user has reached. The score of a problem is the sum over its subtasks
//! of the best result for that subtask over all submissions, as at the IOI
//! since 2017: two submissions that each solve another half solve the whole.

use super::visibility::Feedback;
use super::{Result, attempts, hints};
use crate::db::{self, Database};
use crate::ids::UserId;
use gradien_problems::{Pack, Score};
use std::collections::HashMap;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnProgress {
    /// Without the points that hints cost.
    pub best: Score,
    /// With them: what the submissions reached.
    pub earned: Score,
    pub max_score: Score,
    /// Submissions; compile errors and faults of ours are not counted.
    pub attempts: u32,
}

impl OwnProgress {
    pub fn solved(self) -> bool {
        self.earned >= self.max_score && self.max_score > Score::ZERO
    }
}

/// One user's best results, by problem and subtask.
pub struct ProgressByProblem {
    best: HashMap<String, HashMap<String, Score>>,
    attempts: HashMap<String, u32>,
    hint_costs: HashMap<String, Score>,
}

impl ProgressByProblem {
    pub async fn read(db: &Database, user: UserId) -> Result<ProgressByProblem> {
        let hint_costs = match Feedback::PRACTICE.hint_costs {
            true => hints::list_costs(db, user).await?,
            false => HashMap::new(),
        };
        let user = user.to_string();
        let refunded = attempts::refunded_codes();
        let attempts = db::results::list_attempts(db.read(), &user, &refunded)
            .await?
            .into_iter()
            .map(|row| (row.slug, u32::try_from(row.attempts).unwrap_or(u32::MAX)))
            .collect();
        let mut best: HashMap<_, HashMap<_, _>> = HashMap::new();
        for row in db::results::list_best_subtasks(db.read(), &user).await? {
            let score = Score::from_hundredths(u32::try_from(row.score_hundredths).unwrap_or(0));
            best.entry(row.slug).or_default().insert(row.subtask, score);
        }
        Ok(ProgressByProblem {
            best,
            attempts,
            hint_costs,
        })
    }

    /// Counts only subtasks that the present version has, up to the points that
    /// they have there: an older version may have had others.
    pub fn of(&self, pack: &Pack) -> OwnProgress {
        let slug = pack.slug.as_str();
        let of_problem = self.best.get(slug);
        let earned: Score = pack
            .parts()
            .map(|(name, points)| {
                of_problem
                    .and_then(|best| best.get(name))
                    .copied()
                    .unwrap_or_default()
                    .min(Score::from_points(points))
            })
            .sum();
        let cost = self.hint_costs.get(slug).copied().unwrap_or_default();
        OwnProgress {
            best: earned.saturating_sub(cost),
            earned,
            max_score: pack.max_score(),
            attempts: self.attempts.get(slug).copied().unwrap_or(0),
        }
    }
}
