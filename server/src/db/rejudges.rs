//! Rejudges, and the judgements that belong to one.

use super::Result;
use super::entity::rejudge::{Column, Entity, Model};
use super::entity::{judgement, submission, user};
use super::judgements::{DONE, QUEUED, REFUSED};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

/// Rows of one statement: it has a limited number of variables.
const CHUNK: usize = 100;

pub async fn create(db: &impl ConnectionTrait, rejudge: Model) -> Result<()> {
    Entity::insert(rejudge.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Newest first.
pub async fn list_of_problem(
    db: &impl ConnectionTrait,
    slug: &str,
    limit: u64,
) -> Result<Vec<Model>> {
    let query = Entity::find()
        .filter(Column::Slug.eq(slug))
        .order_by_desc(Column::CreatedAtMs)
        .order_by_asc(Column::Id)
        .limit(limit);
    Ok(query.all(db).await?)
}

pub async fn count_in_state(db: &impl ConnectionTrait, slug: &str, state: &str) -> Result<u64> {
    let query = Entity::find()
        .filter(Column::Slug.eq(slug))
        .filter(Column::State.eq(state));
    Ok(query.count(db).await?)
}

pub async fn record_state(
    db: &impl ConnectionTrait,
    id: &str,
    state: &str,
    ended_at_ms: i64,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::EndedAtMs, Expr::value(ended_at_ms))
        .filter(Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// A problem's judged submissions with the versions that judged them, oldest first; of
/// one alone where it is named, without those of a version where that is named.
pub async fn list_judged(
    db: &impl ConnectionTrait,
    slug: &str,
    only: Option<&str>,
    except_version: Option<&str>,
) -> Result<Vec<(String, String)>> {
    let mut query = submission::Entity::find()
        .select_only()
        .column(submission::Column::Id)
        .column(submission::Column::PackHash)
        .filter(submission::Column::Slug.eq(slug))
        .filter(submission::Column::Verdict.is_not_null())
        .order_by_asc(submission::Column::SubmittedAtMs)
        .order_by_asc(submission::Column::Id);
    if let Some(id) = only {
        query = query.filter(submission::Column::Id.eq(id));
    }
    if let Some(hash) = except_version {
        query = query.filter(submission::Column::PackHash.ne(hash));
    }
    Ok(query.into_tuple().all(db).await?)
}

/// How many of a problem's judged submissions another version judged.
pub async fn count_of_others(db: &impl ConnectionTrait, slug: &str, hash: &str) -> Result<u64> {
    let query = submission::Entity::find()
        .filter(submission::Column::Slug.eq(slug))
        .filter(submission::Column::Verdict.is_not_null())
        .filter(submission::Column::PackHash.ne(hash));
    Ok(query.count(db).await?)
}

pub async fn create_judgements(
    db: &impl ConnectionTrait,
    judgements: Vec<judgement::Model>,
) -> Result<()> {
    for part in judgements.chunks(CHUNK) {
        let rows = part.iter().cloned().map(IntoActiveModel::into_active_model);
        judgement::Entity::insert_many(rows)
            .exec_without_returning(db)
            .await?;
    }
    Ok(())
}

/// A judgement of a rejudge, without its report.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Line {
    pub id: String,
    pub submission_id: String,
    pub before_id: Option<String>,
    pub state: String,
    pub verdict: Option<String>,
    pub score_hundredths: Option<i32>,
}

/// In the order in which their submissions came.
pub async fn list_lines(db: &impl ConnectionTrait, id: &str) -> Result<Vec<Line>> {
    let query = lines()
        .filter(judgement::Column::RejudgeId.eq(id))
        .order_by_asc(judgement::Column::QueuedAtMs)
        .order_by_asc(judgement::Column::Id);
    Ok(query.into_model::<Line>().all(db).await?)
}

/// Whose submission a judgement is of.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Author {
    /// The judgement's.
    pub id: String,
    pub submitted_at_ms: i64,
    pub display_name: String,
}

/// Of all judgements of a rejudge, in no order.
pub async fn list_authors(db: &impl ConnectionTrait, id: &str) -> Result<Vec<Author>> {
    let query = judgement::Entity::find()
        .select_only()
        .column(judgement::Column::Id)
        .column(submission::Column::SubmittedAtMs)
        .column(user::Column::DisplayName)
        .join(JoinType::InnerJoin, judgement::Relation::Submission.def())
        .join(JoinType::InnerJoin, submission::Relation::User.def())
        .filter(judgement::Column::RejudgeId.eq(id));
    Ok(query.into_model::<Author>().all(db).await?)
}

/// Of these judgements, in no order.
pub async fn list_lines_by_id(db: &impl ConnectionTrait, ids: &[&str]) -> Result<Vec<Line>> {
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(CHUNK) {
        let query = lines().filter(judgement::Column::Id.is_in(part.iter().copied()));
        found.extend(query.into_model::<Line>().all(db).await?);
    }
    Ok(found)
}

fn lines() -> sea_orm::Select<judgement::Entity> {
    judgement::Entity::find().select_only().columns([
        judgement::Column::Id,
        judgement::Column::SubmissionId,
        judgement::Column::BeforeId,
        judgement::Column::State,
        judgement::Column::Verdict,
        judgement::Column::ScoreHundredths,
    ])
}

/// How many there are without those that are refused, and how many have a report.
pub async fn count_judgements(db: &impl ConnectionTrait, id: &str) -> Result<(u64, u64)> {
    let all = judgement::Entity::find()
        .filter(judgement::Column::RejudgeId.eq(id))
        .filter(judgement::Column::State.ne(REFUSED));
    let done = all.clone().filter(judgement::Column::State.eq(DONE));
    Ok((all.count(db).await?, done.count(db).await?))
}

/// Lets an outcome count that was held.
pub async fn release_judgement(db: &impl ConnectionTrait, id: &str) -> Result<()> {
    judgement::Entity::update_many()
        .col_expr(judgement::Column::Held, Expr::value(0))
        .filter(judgement::Column::Id.eq(id))
        .exec(db)
        .await?;
    Ok(())
}

/// Takes what waits out of the queue; what is being judged ends by itself.
pub async fn remove_waiting(db: &impl ConnectionTrait, id: &str) -> Result<()> {
    judgement::Entity::delete_many()
        .filter(judgement::Column::RejudgeId.eq(id))
        .filter(judgement::Column::State.eq(QUEUED))
        .exec(db)
        .await?;
    Ok(())
}

/// The submission is judged by another version from now on.
pub async fn record_version(
    db: &impl ConnectionTrait,
    submission_id: &str,
    pack_hash: &str,
    max_score_hundredths: i32,
) -> Result<()> {
    submission::Entity::update_many()
        .col_expr(submission::Column::PackHash, Expr::value(pack_hash))
        .col_expr(
            submission::Column::MaxScoreHundredths,
            Expr::value(max_score_hundredths),
        )
        .filter(submission::Column::Id.eq(submission_id))
        .exec(db)
        .await?;
    Ok(())
}
