//! The queue of judgements.
//!
//! `queued` waits, `leased` is with a worker, `done` has a report; `refused` belongs
//! to a rejudge whose version has other numbers than the answer. Each step is
//! one conditional UPDATE inside a writing transaction, so it happens once.

use super::Result;
use super::entity::judgement::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};

pub const QUEUED: &str = "queued";
pub const LEASED: &str = "leased";
pub const DONE: &str = "done";
pub const REFUSED: &str = "refused";

pub async fn create(db: &impl ConnectionTrait, judgement: Model) -> Result<()> {
    Entity::insert(judgement.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// What may be leased now: the highest class first, then the oldest. Leases
/// that have expired may.
pub async fn find_next(db: &impl ConnectionTrait, now_ms: i64) -> Result<Option<Model>> {
    let waiting = Condition::all()
        .add(Column::State.eq(QUEUED))
        .add(Column::NotBeforeMs.lte(now_ms));
    let expired = Condition::all()
        .add(Column::State.eq(LEASED))
        .add(Column::LeaseExpiresAtMs.lte(now_ms));
    let query = Entity::find()
        .filter(Condition::any().add(waiting).add(expired))
        .order_by_asc(Column::Class)
        .order_by_asc(Column::QueuedAtMs)
        .order_by_asc(Column::Id);
    Ok(query.one(db).await?)
}

/// Gives it to a worker under the next fencing token.
pub async fn lease(
    db: &impl ConnectionTrait,
    row: &Model,
    worker: &str,
    expires_at_ms: i64,
) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::State, Expr::value(LEASED))
        .col_expr(Column::Worker, Expr::value(worker))
        .col_expr(Column::LeaseExpiresAtMs, Expr::value(expires_at_ms))
        .col_expr(Column::Fencing, Expr::value(row.fencing + 1))
        .col_expr(Column::Attempts, Expr::value(row.attempts + 1))
        .col_expr(Column::Leases, Expr::value(row.leases + 1))
        .filter(Column::Id.eq(&row.id))
        .exec(db)
        .await?;
    Ok(())
}

/// Only the holder of the last lease.
fn held(id: &str, fencing: i64) -> Condition {
    Condition::all()
        .add(Column::Id.eq(id))
        .add(Column::State.eq(LEASED))
        .add(Column::Fencing.eq(fencing))
}

/// Whether the lease was still held.
pub async fn renew(
    db: &impl ConnectionTrait,
    id: &str,
    fencing: i64,
    expires_at_ms: i64,
) -> Result<bool> {
    let updated = Entity::update_many()
        .col_expr(Column::LeaseExpiresAtMs, Expr::value(expires_at_ms))
        .filter(held(id, fencing))
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// What came of a judgement.
pub struct Ended<'a> {
    pub report_json: &'a str,
    pub verdict: &'a str,
    pub score_hundredths: i32,
}

/// Whether the lease was still held.
pub async fn finish(
    db: &impl ConnectionTrait,
    id: &str,
    fencing: i64,
    ended: Ended<'_>,
    now_ms: i64,
) -> Result<bool> {
    let updated = Entity::update_many()
        .col_expr(Column::State, Expr::value(DONE))
        .col_expr(Column::ReportJson, Expr::value(ended.report_json))
        .col_expr(Column::Verdict, Expr::value(ended.verdict))
        .col_expr(Column::ScoreHundredths, Expr::value(ended.score_hundredths))
        .col_expr(Column::DoneAtMs, Expr::value(now_ms))
        .col_expr(Column::Worker, Expr::value(None::<String>))
        .col_expr(Column::LeaseExpiresAtMs, Expr::value(None::<i64>))
        .filter(held(id, fencing))
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

/// Gives it back to the queue; `attempts` is what it counts from then on.
/// Whether the lease was still held.
pub async fn requeue(
    db: &impl ConnectionTrait,
    id: &str,
    fencing: i64,
    not_before_ms: i64,
    attempts: i32,
) -> Result<bool> {
    let updated = Entity::update_many()
        .col_expr(Column::State, Expr::value(QUEUED))
        .col_expr(Column::NotBeforeMs, Expr::value(not_before_ms))
        .col_expr(Column::Attempts, Expr::value(attempts))
        .col_expr(Column::Worker, Expr::value(None::<String>))
        .col_expr(Column::LeaseExpiresAtMs, Expr::value(None::<i64>))
        .filter(held(id, fencing))
        .exec(db)
        .await?;
    Ok(updated.rows_affected == 1)
}

pub async fn list_leased_by(db: &impl ConnectionTrait, prefix: &str) -> Result<Vec<Model>> {
    let query = Entity::find()
        .filter(Column::State.eq(LEASED))
        .filter(Column::Worker.starts_with(prefix));
    Ok(query.all(db).await?)
}

pub async fn count_open(db: &impl ConnectionTrait) -> Result<u64> {
    let query = Entity::find().filter(Column::State.ne(DONE));
    Ok(query.count(db).await?)
}
