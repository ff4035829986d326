//! What users have reached.

use super::Result;
use super::entity::{submission, subtask_result};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, RelationTrait,
};

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
    let counted = Condition::any()
        .add(submission::Column::Verdict.is_null())
        .add(submission::Column::Verdict.is_not_in(refunded.iter().copied()));
    let rows = submission::Entity::find()
        .select_only()
        .column(submission::Column::Slug)
        .column_as(submission::Column::Id.count(), "attempts")
        .filter(submission::Column::UserId.eq(user_id))
        .filter(counted)
        .group_by(submission::Column::Slug)
        .into_model::<Attempts>()
        .all(db)
        .await?;
    Ok(rows)
}
