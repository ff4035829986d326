//! Hints that were opened: one row per user, problem (or version that a coach tries)
//! and place in the pack.

use super::Result;
use super::entity::opened_hint::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
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
    trial: &str,
) -> Result<Vec<Model>> {
    let query = Entity::find()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Slug.eq(slug))
        .filter(Column::Trial.eq(trial))
        .order_by_asc(Column::Number);
    Ok(query.all(db).await?)
}

/// Of all problems, without versions that were tried.
pub async fn list_of_user(db: &impl ConnectionTrait, user_id: &str) -> Result<Vec<Model>> {
    let query = Entity::find()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Trial.eq(""));
    Ok(query.all(db).await?)
}
