//! What users have reached.

use super::Result;
use super::entity::{judgement, submission, subtask_result, user};
use super::submissions::counted;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationTrait,
};
use std::collections::HashMap;

/// The best score of a user for a subtask, over all their submissions.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct BestSubtask {
    pub slug: String,
    pub subtask: String,
    pub score_hundredths: i32,
}

pub async fn list_best_subtasks(
    db: &impl ConnectionTrait,
    user_id: &str,
) -> Result<Vec<BestSubtask>> {
    let rows = submission::Entity::find()
        .select_only()
        .column(submission::Column::Slug)
        .column(subtask_result::Column::Subtask)
        .column_as(
            subtask_result::Column::ScoreHundredths.max(),
            "score_hundredths",
        )
        .join(
            JoinType::InnerJoin,
            subtask_result::Relation::Submission.def().rev(),
        )
        .filter(submission::Column::UserId.eq(user_id))
        .group_by(submission::Column::Slug)
        .group_by(subtask_result::Column::Subtask)
        .into_model::<BestSubtask>()
        .all(db)
        .await?;
    Ok(rows)
}

/// The score of one subtask in one submission.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct DatedScore {
    pub slug: String,
    pub submission_id: String,
    pub subtask: String,
    pub score_hundredths: i32,
    pub submitted_at_ms: i64,
}

/// A user's scores on these problems, in the order of their submissions; of those
/// alone that count as attempts.
pub async fn list_dated_scores(
    db: &impl ConnectionTrait,
    user_id: &str,
    slugs: &[&str],
    refunded: &[&str],
) -> Result<Vec<DatedScore>> {
    let rows = submission::Entity::find()
        .select_only()
        .column(submission::Column::Slug)
        .column(subtask_result::Column::SubmissionId)
        .column(subtask_result::Column::Subtask)
        .column(subtask_result::Column::ScoreHundredths)
        .column(submission::Column::SubmittedAtMs)
        .join(
            JoinType::InnerJoin,
            subtask_result::Relation::Submission.def().rev(),
        )
        .filter(submission::Column::UserId.eq(user_id))
        .filter(submission::Column::Slug.is_in(slugs.iter().copied()))
        .filter(counted(refunded))
        .order_by_asc(submission::Column::SubmittedAtMs)
        .order_by_asc(subtask_result::Column::SubmissionId)
        .into_model::<DatedScore>()
        .all(db)
        .await?;
    Ok(rows)
}

/// How often a user submitted to each problem, and how many of those count
/// as attempts: compile errors and faults of ours do not.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Attempts {
    pub slug: String,
    pub attempts: i64,
}

pub async fn list_attempts(
    db: &impl ConnectionTrait,
    user_id: &str,
    refunded: &[&str],
) -> Result<Vec<Attempts>> {
    let rows = submission::Entity::find()
        .select_only()
        .column(submission::Column::Slug)
        .column_as(submission::Column::Id.count(), "attempts")
        .filter(submission::Column::UserId.eq(user_id))
        .filter(counted(refunded))
        .group_by(submission::Column::Slug)
        .into_model::<Attempts>()
        .all(db)
        .await?;
    Ok(rows)
}

/// A submission that was judged, with the report whose outcome counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub id: String,
    pub user_id: String,
    pub submitted_at_ms: i64,
    pub verdict: String,
    pub report_json: String,
}

/// What users with this role handed in to a problem and was judged, newest first.
pub async fn list_judged(
    db: &impl ConnectionTrait,
    slug: &str,
    role: &str,
    limit: u64,
) -> Result<Vec<Judged>> {
    let users = user::Entity::find()
        .select_only()
        .column(user::Column::Id)
        .filter(user::Column::Role.eq(role))
        .into_query();
    let submissions = submission::Entity::find()
        .filter(submission::Column::Slug.eq(slug))
        .filter(submission::Column::Verdict.is_not_null())
        .filter(submission::Column::UserId.in_subquery(users))
        .order_by_desc(submission::Column::SubmittedAtMs)
        .limit(limit)
        .all(db)
        .await?;
    let mut judged = Vec::with_capacity(submissions.len());
    // By hundreds: a statement has a limited number of variables.
    for part in submissions.chunks(100) {
        let reports = judgement::Entity::find()
            .filter(judgement::Column::SubmissionId.is_in(part.iter().map(|row| row.id.clone())))
            .filter(judgement::Column::Held.eq(0))
            .filter(judgement::Column::ReportJson.is_not_null())
            .order_by_asc(judgement::Column::QueuedAtMs)
            .all(db)
            .await?;
        // The last one wins.
        let mut by_submission: HashMap<String, String> = reports
            .into_iter()
            .filter_map(|row| Some((row.submission_id, row.report_json?)))
            .collect();
        for row in part {
            if let (Some(verdict), Some(report_json)) =
                (row.verdict.clone(), by_submission.remove(&row.id))
            {
                judged.push(Judged {
                    id: row.id.clone(),
                    user_id: row.user_id.clone(),
                    submitted_at_ms: row.submitted_at_ms,
                    verdict,
                    report_json,
                });
            }
        }
    }
    Ok(judged)
}
