//! Hints that were opened: one row per user, problem and place in the pack.

use super::Result;
use super::entity::opened_hint::{Column, Entity, Model};
use super::entity::{submission, subtask_result};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

pub async fn create(db: &impl ConnectionTrait, hint: Model) -> Result<()> {
    Entity::insert(hint.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// In the order of their places.
pub async fn list_of_problem(
    db: &impl ConnectionTrait,
    user_id: &str,
    slug: &str,
) -> Result<Vec<Model>> {
    let query = Entity::find()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Slug.eq(slug))
        .order_by_asc(Column::Number);
    Ok(query.all(db).await?)
}

/// Of all problems.
pub async fn list_of_user(db: &impl ConnectionTrait, user_id: &str) -> Result<Vec<Model>> {
    let query = Entity::find().filter(Column::UserId.eq(user_id));
    Ok(query.all(db).await?)
}

/// The score of one subtask in one submission.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct DatedScore {
    pub slug: String,
    pub subtask: String,
    pub score_hundredths: i32,
    pub submitted_at_ms: i64,
}

/// A user's scores on problems that they opened hints of.
pub async fn list_dated_scores(
    db: &impl ConnectionTrait,
    user_id: &str,
    slugs: &[&str],
) -> Result<Vec<DatedScore>> {
    let rows = submission::Entity::find()
        .select_only()
        .column(submission::Column::Slug)
        .column(subtask_result::Column::Subtask)
        .column(subtask_result::Column::ScoreHundredths)
        .column(submission::Column::SubmittedAtMs)
        .join(
            JoinType::InnerJoin,
            subtask_result::Relation::Submission.def().rev(),
        )
        .filter(submission::Column::UserId.eq(user_id))
        .filter(submission::Column::Slug.is_in(slugs.iter().copied()))
        .into_model::<DatedScore>()
        .all(db)
        .await?;
    Ok(rows)
}
