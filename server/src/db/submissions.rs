//! Submissions.

use super::Result;
use super::entity::submission::{Column, Entity, Model};
use super::entity::{judgement, subtask_result};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

pub async fn create(db: &impl ConnectionTrait, submission: Model) -> Result<()> {
    Entity::insert(submission.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Which of a user's submissions to list.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    pub slug: Option<&'a str>,
    pub verdict: Option<&'a str>,
}

/// Newest first; those of the same millisecond in the order of their ids.
pub async fn list_of_user(
    db: &impl ConnectionTrait,
    user_id: &str,
    filter: Filter<'_>,
    offset: u64,
    limit: u64,
) -> Result<(Vec<Model>, u64)> {
    let mut query = Entity::find().filter(Column::UserId.eq(user_id));
    if let Some(slug) = filter.slug {
        query = query.filter(Column::Slug.eq(slug));
    }
    if let Some(verdict) = filter.verdict {
        query = query.filter(Column::Verdict.eq(verdict));
    }
    let total = query.clone().count(db).await?;
    let rows = query
        .order_by_desc(Column::SubmittedAtMs)
        .order_by_asc(Column::Id)
        .offset(offset)
        .limit(limit)
        .all(db)
        .await?;
    Ok((rows, total))
}

/// What was handed in, as JSON, of all submissions that may refer to a file.
pub async fn list_with_files(db: &impl ConnectionTrait) -> Result<Vec<String>> {
    let query = Entity::find()
        .select_only()
        .column(Column::ContentJson)
        .filter(Column::ContentJson.contains("\"hash\":\""));
    Ok(query.into_tuple().all(db).await?)
}

/// How many of a user's submissions are not judged yet.
pub async fn count_waiting(db: &impl ConnectionTrait, user_id: &str) -> Result<u64> {
    let query = Entity::find()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::JudgedAtMs.is_null());
    Ok(query.count(db).await?)
}

/// How many of a user's submissions to a problem count as attempts: those that
/// wait, and those with a verdict that is not refunded.
pub async fn count_attempts(
    db: &impl ConnectionTrait,
    user_id: &str,
    slug: &str,
    refunded: &[&str],
) -> Result<u64> {
    let query = Entity::find()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Slug.eq(slug))
        .filter(counted(refunded));
    Ok(query.count(db).await?)
}

/// What counts as an attempt.
pub(super) fn counted(refunded: &[&str]) -> Condition {
    Condition::any()
        .add(Column::Verdict.is_null())
        .add(Column::Verdict.is_not_in(refunded.iter().copied()))
}

/// The outcome of a judgement, as lists show it.
pub struct Outcome<'a> {
    pub verdict: &'a str,
    pub score_hundredths: i32,
    pub judged_at_ms: i64,
    /// Subtask and its score in hundredths.
    pub subtasks: Vec<(String, i32)>,
}

/// Replaces the outcome of the judgement before, if there was one.
pub async fn record_outcome(
    db: &impl ConnectionTrait,
    id: &str,
    outcome: Outcome<'_>,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Verdict, Expr::value(outcome.verdict))
        .col_expr(
            Column::ScoreHundredths,
            Expr::value(outcome.score_hundredths),
        )
        .col_expr(Column::JudgedAtMs, Expr::value(outcome.judged_at_ms))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    subtask_result::Entity::delete_many()
        .filter(subtask_result::Column::SubmissionId.eq(id))
        .exec(db)
        .await?;
    if outcome.subtasks.is_empty() {
        return Ok(());
    }
    let rows = outcome.subtasks.into_iter().map(|(subtask, score)| {
        let row = subtask_result::Model {
            submission_id: id.into(),
            subtask,
            score_hundredths: score,
        };
        row.into_active_model()
    });
    subtask_result::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The last judgement of a submission whose outcome counts.
pub async fn find_judgement(
    db: &impl ConnectionTrait,
    id: &str,
) -> Result<Option<judgement::Model>> {
    let query = judgement::Entity::find()
        .filter(judgement::Column::SubmissionId.eq(id))
        .filter(judgement::Column::Held.eq(0))
        .order_by_desc(judgement::Column::QueuedAtMs);
    Ok(query.one(db).await?)
}

/// Rows of one statement: it has a limited number of variables.
const CHUNK: usize = 100;

/// What was handed in, and the version that judged it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Content {
    pub id: String,
    pub pack_hash: String,
    pub content_json: String,
}

/// Of these submissions, in no order.
pub async fn list_contents(db: &impl ConnectionTrait, ids: &[&str]) -> Result<Vec<Content>> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        let query = Entity::find()
            .select_only()
            .column(Column::Id)
            .column(Column::PackHash)
            .column(Column::ContentJson)
            .filter(Column::Id.is_in(part.iter().copied()));
        found.extend(query.into_model::<Content>().all(db).await?);
    }
    Ok(found)
}
