//! `scoring = "…"`: which of somebody's submissions count for their score.

use crate::score::Score;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of several submissions by one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScorePolicy {
    /// The sum over the parts of the best that was reached for each, as at the IOI
    /// since 2017: two submissions that each solve another half solve the whole.
    #[default]
    BestSubtasks,
    /// The submission with the most points; of several the first.
    Max,
    /// The last one, better or worse. A form that could not be read and a fault of
    /// ours are no submission in this sense.
    Last,
}

/// What one submission got for its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartScores {
    pub submitted_at_ms: i64,
    pub parts: BTreeMap<String, Score>,
}

/// What several submissions amount to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reached {
    pub parts: BTreeMap<String, Score>,
    /// When it was complete; `None` while it is nothing.
    pub at_ms: Option<i64>,
}

impl Reached {
    pub fn total(&self) -> Score {
        self.parts.values().copied().sum()
    }
}

impl ScorePolicy {
    /// `submissions` in the order of their times, of those alone that count as
    /// attempts.
    pub fn reached(self, submissions: &[PartScores]) -> Reached {
        let total = |one: &PartScores| one.parts.values().copied().sum::<Score>();
        let counts = match self {
            ScorePolicy::BestSubtasks => return best_subtasks(submissions),
            // Of equal ones `max_by_key` gives the last.
            ScorePolicy::Max => submissions.iter().rev().max_by_key(|one| total(one)),
            ScorePolicy::Last => submissions.last(),
        };
        let Some(counts) = counts else {
            return Reached::default();
        };
        Reached {
            parts: counts.parts.clone(),
            at_ms: (total(counts) > Score::ZERO).then_some(counts.submitted_at_ms),
        }
    }
}

fn best_subtasks(submissions: &[PartScores]) -> Reached {
    let mut reached = Reached::default();
    for one in submissions {
        for (part, score) in &one.parts {
            let best = reached.parts.entry(part.clone()).or_default();
            if score > best {
                *best = *score;
                reached.at_ms = Some(one.submitted_at_ms);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_policy_counts_other_submissions() {
        let submissions: Vec<PartScores> = [(40, 0), (10, 20), (0, 40), (30, 5), (0, 0)]
            .into_iter()
            .zip(1..)
            .map(|((a, b), at)| PartScores {
                submitted_at_ms: at,
                parts: [("a", a), ("b", b)]
                    .map(|(part, points)| (part.to_owned(), Score::from_points(points)))
                    .into(),
            })
            .collect();
        let seen = |policy: ScorePolicy, count: usize| {
            let reached = policy.reached(&submissions[..count]);
            (reached.total().hundredths() / 100, reached.at_ms)
        };
        use ScorePolicy::{BestSubtasks, Last, Max};
        for (policy, count, expected) in [
            (BestSubtasks, 0, (0, None)),
            (BestSubtasks, 2, (60, Some(2))),
            (BestSubtasks, 5, (80, Some(3))),
            (Max, 0, (0, None)),
            (Max, 5, (40, Some(1))),
            (Last, 0, (0, None)),
            (Last, 4, (35, Some(4))),
            (Last, 5, (0, None)),
        ] {
            assert_eq!(seen(policy, count), expected, "{policy:?} {count}");
        }
    }
}
