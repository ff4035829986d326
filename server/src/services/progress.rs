//! What a user has reached: of their submissions those count that the problem's
//! policy says ([`ScorePolicy`]), up to the points that its present version gives.
//!
//! Nothing of it is kept. It is read from the scores that each judgement writes in the
//! transaction of its report, so it can never be behind them. Where every part's best
//! counts the database computes it; the whole list is read only where another policy
//! holds or opened hints ask when the score was complete.

use super::hints::OpenedHints;
use super::visibility::Feedback;
use super::{Result, attempts};
use crate::db::results::DatedScore;
use crate::db::{self, Database};
use crate::ids::UserId;
use gradien_problems::pack::{PartScores, Reached, ScorePolicy};
use gradien_problems::{Pack, Score};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

/// One user's results, by problem.
pub struct ProgressByProblem {
    best: HashMap<String, BTreeMap<String, Score>>,
    /// Of the problems whose submissions have to be looked at one by one.
    submissions: HashMap<String, Vec<PartScores>>,
    attempts: HashMap<String, u32>,
    hints: OpenedHints,
}

impl ProgressByProblem {
    /// `packs` are those that [`ProgressByProblem::of`] will be asked for.
    pub async fn read<'a>(
        db: &Database,
        user: UserId,
        packs: impl Iterator<Item = &'a Pack>,
    ) -> Result<ProgressByProblem> {
        let user = user.to_string();
        let hints = OpenedHints::read(db, &user).await?;
        let refunded = attempts::refunded_codes();
        let attempts = db::results::list_attempts(db.read(), &user, &refunded)
            .await?
            .into_iter()
            .map(|row| (row.slug, u32::try_from(row.attempts).unwrap_or(u32::MAX)))
            .collect();
        let mut best: HashMap<_, BTreeMap<_, _>> = HashMap::new();
        for row in db::results::list_best_subtasks(db.read(), &user).await? {
            let score = score(row.score_hundredths);
            best.entry(row.slug).or_default().insert(row.subtask, score);
        }
        let mut one_by_one: BTreeSet<&str> = packs
            .filter(|pack| pack.scoring != ScorePolicy::BestSubtasks)
            .map(|pack| pack.slug.as_str())
            .collect();
        one_by_one.extend(hints.slugs());
        let slugs: Vec<&str> = one_by_one.into_iter().collect();
        let rows = match slugs.is_empty() {
            true => Vec::new(),
            false => db::results::list_dated_scores(db.read(), &user, &slugs, &refunded).await?,
        };
        let submissions = by_submission(rows);
        Ok(ProgressByProblem {
            best,
            submissions,
            attempts,
            hints,
        })
    }

    /// Counts only parts that the present version has, up to the points that they
    /// have there: an older version may have had others.
    pub fn of(&self, pack: &Pack) -> OwnProgress {
        let slug = pack.slug.as_str();
        let reached = match self.submissions.get(slug) {
            Some(submissions) => {
                let within: Vec<PartScores> =
                    submissions.iter().map(|one| within(pack, one)).collect();
                pack.scoring.reached(&within)
            }
            None => {
                let parts = self.best.get(slug).cloned().unwrap_or_default();
                let all = PartScores {
                    submitted_at_ms: 0,
                    parts,
                };
                Reached {
                    parts: within(pack, &all).parts,
                    at_ms: None,
                }
            }
        };
        let earned = reached.total();
        let cost = match Feedback::PRACTICE.hint_costs {
            true => self.hints.cost(slug, reached.at_ms),
            false => Score::ZERO,
        };
        OwnProgress {
            best: earned.saturating_sub(cost),
            earned,
            max_score: pack.max_score(),
            attempts: self.attempts.get(slug).copied().unwrap_or(0),
        }
    }
}

fn score(hundredths: i32) -> Score {
    Score::from_hundredths(u32::try_from(hundredths).unwrap_or(0))
}

/// Rows in the order of their submissions, put together.
fn by_submission(rows: Vec<DatedScore>) -> HashMap<String, Vec<PartScores>> {
    let mut submissions: HashMap<String, Vec<PartScores>> = HashMap::new();
    let mut last = String::new();
    for row in rows {
        let of_problem = submissions.entry(row.slug).or_default();
        if of_problem.is_empty() || last != row.submission_id {
            of_problem.push(PartScores {
                submitted_at_ms: row.submitted_at_ms,
                parts: BTreeMap::new(),
            });
            last = row.submission_id;
        }
        if let Some(one) = of_problem.last_mut() {
            one.parts.insert(row.subtask, score(row.score_hundredths));
        }
    }
    submissions
}

/// As far as this version has such parts and points.
pub(super) fn within(pack: &Pack, one: &PartScores) -> PartScores {
    let parts = pack.parts().filter_map(|(name, points)| {
        let score = one.parts.get(name)?;
        Some((name.to_owned(), (*score).min(Score::from_points(points))))
    });
    PartScores {
        submitted_at_ms: one.submitted_at_ms,
        parts: parts.collect(),
    }
}
