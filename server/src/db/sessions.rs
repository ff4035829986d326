//! Sessions and their refresh tokens.

use super::Result;
use super::entity::{refresh_token, session, user};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

pub async fn create(db: &impl ConnectionTrait, session: session::Model) -> Result<()> {
    session::Entity::insert(session.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<session::Model>> {
    Ok(session::Entity::find_by_id(id).one(db).await?)
}

/// Whose session this is, unless it has ended.
pub async fn find_user(db: &impl ConnectionTrait, id: &str) -> Result<Option<user::Model>> {
    let of_session = Query::select()
        .column(session::Column::UserId)
        .from(session::Entity)
        .and_where(session::Column::Id.eq(id))
        .and_where(session::Column::RevokedAtMs.is_null())
        .to_owned();
    let query = user::Entity::find().filter(user::Column::Id.in_subquery(of_session));
    Ok(query.one(db).await?)
}

async fn end(
    db: &impl ConnectionTrait,
    column: session::Column,
    id: &str,
    now_ms: i64,
) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::RevokedAtMs, Expr::value(now_ms))
        .filter(column.eq(id))
        .filter(session::Column::RevokedAtMs.is_null())
        .exec(db)
        .await?;
    Ok(())
}

pub async fn revoke(db: &impl ConnectionTrait, id: &str, now_ms: i64) -> Result<()> {
    end(db, session::Column::Id, id, now_ms).await
}

pub async fn revoke_all_of(db: &impl ConnectionTrait, user_id: &str, now_ms: i64) -> Result<()> {
    end(db, session::Column::UserId, user_id, now_ms).await
}

pub async fn create_refresh_token(
    db: &impl ConnectionTrait,
    token: refresh_token::Model,
) -> Result<()> {
    refresh_token::Entity::insert(token.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find_refresh_token(
    db: &impl ConnectionTrait,
    hash: &str,
) -> Result<Option<refresh_token::Model>> {
    Ok(refresh_token::Entity::find_by_id(hash).one(db).await?)
}

pub async fn use_refresh_token(db: &impl ConnectionTrait, hash: &str, now_ms: i64) -> Result<()> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAtMs, Expr::value(now_ms))
        .filter(refresh_token::Column::Hash.eq(hash))
        .exec(db)
        .await?;
    Ok(())
}

/// Removes refresh tokens that are over and the sessions that have none left.
/// Gives the number of sessions.
pub async fn delete_expired(db: &impl ConnectionTrait, now_ms: i64) -> Result<u64> {
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::ExpiresAtMs.lte(now_ms))
        .exec(db)
        .await?;
    let alive = Query::select()
        .column(refresh_token::Column::SessionId)
        .from(refresh_token::Entity)
        .to_owned();
    let deleted = session::Entity::delete_many()
        .filter(session::Column::Id.not_in_subquery(alive))
        .exec(db)
        .await?;
    Ok(deleted.rows_affected)
}
