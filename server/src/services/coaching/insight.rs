//! How students fare with a problem: who solved it and how long that took, which
//! misconceptions were met, which wrong values were typed.
//!
//! Only what students handed in counts, and of that the judged: coaches try
//! things out. A histogram counts students, because one who sends the same
//! mistake ten times is one student with one mistake; every bar knows the
//! submissions behind it.

use super::Coaching;
use super::classes::refunded;
use crate::db::{self, DbError};
use crate::ids::SubmissionId;
use crate::services::Result;
use crate::services::accounts::Role;
use crate::services::progress::within;
use crate::services::sessions::Viewer;
use crate::services::visibility;
use gradien_problems::pack::{Pack, PartScores};
use gradien_problems::{PackSlug, Report, Score, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The newest so many submissions are looked at.
const MAX_SUBMISSIONS: u64 = 5_000;
/// Bars of one histogram, and submissions named behind one.
const MAX_BARS: usize = 12;
const MAX_NAMED: usize = 20;
/// A typed value is shown as far as this.
const MAX_VALUE_CHARS: usize = 24;

#[derive(Debug, Clone)]
pub struct Insight {
    pub pack: Arc<Pack>,
    /// Students who handed in something that counts as an attempt.
    pub tried: usize,
    /// Those who reached the full score.
    pub solved: usize,
    pub attempts: usize,
    /// From a student's first submission to the one that completed the score.
    pub time_to_solve_ms: Option<Quartiles>,
    /// Attempts up to the one that completed the score.
    pub attempts_to_solve: Option<Quartiles>,
    /// By name of the misconception.
    pub misconceptions: Histogram,
    /// One for each field that was ever wrong, in the pack's order; for programs
    /// one for each subtask, with the verdicts that it got.
    pub wrong: Vec<Histogram>,
    /// There are more submissions than were looked at.
    pub truncated: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quartiles {
    pub lower: i64,
    pub median: i64,
    pub upper: i64,
}

/// Of what a bar is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Topic {
    Misconceptions,
    /// Typed values of a field; the position within it where it has several.
    Values {
        field: String,
    },
    /// Verdicts of a subtask.
    Verdicts {
        subtask: String,
    },
}

#[derive(Debug, Clone)]
pub struct Histogram {
    pub of: Topic,
    /// Largest first.
    pub bars: Vec<Bar>,
    /// Bars that were left out.
    pub more: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// A misconception's name, a typed value, a verdict's code.
    pub label: String,
    /// Row and column, counted from 1, where the field has several cells.
    pub cell: Option<(usize, usize)>,
    pub students: usize,
    pub submissions: usize,
    /// The newest of them.
    pub named: Vec<SubmissionId>,
}

#[derive(Default)]
struct Counted {
    students: BTreeSet<String>,
    submissions: usize,
    named: Vec<SubmissionId>,
}

type Key = (String, Option<(usize, usize)>);
type Counts = BTreeMap<Key, Counted>;

impl Coaching {
    /// # Errors
    /// [`crate::services::ServiceError::Forbidden`],
    /// [`crate::services::ServiceError::NotFound`].
    pub async fn insight(&self, viewer: &Viewer, slug: &PackSlug) -> Result<Insight> {
        visibility::require_coach(viewer)?;
        let pack = self.problems.get(Some(viewer), slug)?.pack;
        let role = Role::Student.name();
        let mut rows =
            db::results::list_judged(self.db.read(), slug.as_str(), role, MAX_SUBMISSIONS + 1)
                .await?;
        let truncated = rows.len() as u64 > MAX_SUBMISSIONS;
        rows.truncate(MAX_SUBMISSIONS as usize);
        let mut misconceptions = Counts::new();
        let mut wrong: BTreeMap<String, Counts> = BTreeMap::new();
        let mut courses: BTreeMap<String, Vec<PartScores>> = BTreeMap::new();
        // Newest first, as they come.
        for row in rows {
            let malformed = |what| DbError::Malformed { what };
            let id: SubmissionId = row.id.parse().map_err(|_| malformed("submission id"))?;
            if refunded(&row.verdict) {
                continue;
            }
            let report: Report =
                serde_json::from_str(&row.report_json).map_err(|_| malformed("report"))?;
            let mut seen: BTreeSet<(Option<String>, Key)> = BTreeSet::new();
            for diagnosis in &report.diagnoses {
                seen.insert((None, (diagnosis.misconception.to_string(), None)));
            }
            wrong_parts(&pack, &report, &mut seen);
            for (field, key) in seen {
                let counts = match field {
                    None => &mut misconceptions,
                    Some(field) => wrong.entry(field).or_default(),
                };
                count(counts.entry(key).or_default(), &row.user_id, id);
            }
            let scores = PartScores {
                submitted_at_ms: row.submitted_at_ms,
                parts: report
                    .subtasks
                    .iter()
                    .map(|part| (part.name.to_string(), part.score))
                    .collect(),
            };
            let scores = within(&pack, &scores);
            courses.entry(row.user_id).or_default().push(scores);
        }
        let courses: Vec<Course> = courses
            .into_values()
            .map(|list| course(&pack, list))
            .collect();
        let of = |pick: fn(&Solved) -> i64| {
            quartiles(
                courses
                    .iter()
                    .filter_map(|c| c.solved.as_ref())
                    .map(pick)
                    .collect(),
            )
        };
        Ok(Insight {
            tried: courses.len(),
            solved: courses.iter().filter(|c| c.solved.is_some()).count(),
            attempts: courses.iter().map(|c| c.attempts).sum(),
            time_to_solve_ms: of(|solved| solved.after_ms),
            attempts_to_solve: of(|solved| solved.attempts),
            misconceptions: histogram(Topic::Misconceptions, misconceptions),
            wrong: in_order(&pack, wrong),
            truncated,
            pack,
        })
    }
}

fn count(counted: &mut Counted, user: &str, id: SubmissionId) {
    counted.students.insert(user.to_owned());
    counted.submissions += 1;
    if counted.named.len() < MAX_NAMED {
        counted.named.push(id);
    }
}

/// Wrong values of fields; of programs the verdicts of subtasks that failed.
fn wrong_parts(pack: &Pack, report: &Report, seen: &mut BTreeSet<(Option<String>, Key)>) {
    for part in &report.subtasks {
        let name = part.name.to_string();
        if part.cells.is_empty() {
            if !matches!(part.verdict, Verdict::Accepted | Verdict::Skipped) {
                seen.insert((Some(name), (part.verdict.code().to_owned(), None)));
            }
            continue;
        }
        let columns = columns(pack, &name);
        let several = part.cells.len() > 1;
        for (index, cell) in part.cells.iter().enumerate() {
            if cell.verdict == Verdict::Accepted {
                continue;
            }
            let place = several.then(|| (index / columns + 1, index % columns + 1));
            let value = cell.typed.trim().replace(',', ".");
            let mut value: String = value.chars().take(MAX_VALUE_CHARS).collect();
            // The same value says something else of other numbers.
            if let Some(variant) = report.variant.as_ref().filter(|one| one.number > 0) {
                value = format!("{value} (#{})", variant.number + 1);
            }
            seen.insert((Some(name.clone()), (value, place)));
        }
    }
}

fn columns(pack: &Pack, field: &str) -> usize {
    match &pack.kind {
        gradien_problems::pack::Kind::Answer(answer) => answer
            .fields
            .iter()
            .find(|known| known.name.as_str() == field)
            .map_or(1, |known| known.grid().1.max(1)),
        _ => 1,
    }
}

fn histogram(of: Topic, counts: Counts) -> Histogram {
    let mut bars: Vec<Bar> = counts
        .into_iter()
        .map(|((label, cell), counted)| Bar {
            label,
            cell,
            students: counted.students.len(),
            submissions: counted.submissions,
            named: counted.named,
        })
        .collect();
    bars.sort_by_key(|bar| std::cmp::Reverse((bar.students, bar.submissions)));
    let more = bars.len().saturating_sub(MAX_BARS);
    bars.truncate(MAX_BARS);
    Histogram { of, bars, more }
}

fn in_order(pack: &Pack, mut wrong: BTreeMap<String, Counts>) -> Vec<Histogram> {
    let answer = matches!(pack.kind, gradien_problems::pack::Kind::Answer(_));
    pack.parts()
        .filter_map(|(name, _)| {
            let counts = wrong.remove(name)?;
            let of = match answer {
                true => Topic::Values { field: name.into() },
                false => Topic::Verdicts {
                    subtask: name.into(),
                },
            };
            Some(histogram(of, counts))
        })
        .collect()
}

/// One student's way.
struct Course {
    attempts: usize,
    solved: Option<Solved>,
}

struct Solved {
    after_ms: i64,
    attempts: i64,
}

/// The score as in `progress`: solved is who reached all points once.
fn course(pack: &Pack, mut submissions: Vec<PartScores>) -> Course {
    submissions.sort_by_key(|one| one.submitted_at_ms);
    let first_ms = submissions.first().map_or(0, |one| one.submitted_at_ms);
    let max = pack.max_score();
    let mut solved = None;
    for count in 1..=submissions.len() {
        let last = &submissions[count - 1];
        if max > Score::ZERO && pack.scoring.reached(&submissions[..count]).total() >= max {
            solved = Some(Solved {
                after_ms: last.submitted_at_ms - first_ms,
                attempts: count as i64,
            });
            break;
        }
    }
    Course {
        attempts: submissions.len(),
        solved,
    }
}

/// The values at a quarter, a half and three quarters of the sorted list (the
/// nearest rank, so each is a value that occurred).
fn quartiles(mut values: Vec<i64>) -> Option<Quartiles> {
    values.sort_unstable();
    let at = |quarter: usize| {
        let rank = (values.len() * quarter).div_ceil(4).max(1);
        values.get(rank - 1).copied()
    };
    Some(Quartiles {
        lower: at(1)?,
        median: at(2)?,
        upper: at(3)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_values_that_occurred() {
        assert_eq!(quartiles(vec![]), None);
        let of = |values: &[i64]| quartiles(values.to_vec()).map(|q| (q.lower, q.median, q.upper));
        assert_eq!(of(&[7]), Some((7, 7, 7)));
        assert_eq!(of(&[4, 1, 3, 2]), Some((1, 2, 3)));
        assert_eq!(of(&[5, 1, 2, 4, 3]), Some((2, 3, 4)));
    }

    #[test]
    fn bars_are_counted_by_students_first() {
        let mut counts = Counts::new();
        let id = SubmissionId::random();
        for _ in 0..3 {
            count(counts.entry(("often".into(), None)).or_default(), "a", id);
        }
        for user in ["a", "b"] {
            count(counts.entry(("many".into(), None)).or_default(), user, id);
        }
        let bars = histogram(Topic::Misconceptions, counts).bars;
        let seen: Vec<_> = bars
            .iter()
            .map(|bar| (bar.label.as_str(), bar.students, bar.submissions))
            .collect();
        assert_eq!(seen, [("many", 2, 2), ("often", 1, 3)]);
    }
}
