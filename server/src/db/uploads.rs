//! Packs that coaches sent.

use super::Result;
use super::entity::upload::{Column, Entity, Model};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};

pub async fn create(db: &impl ConnectionTrait, upload: Model) -> Result<()> {
    Entity::insert(upload.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Replaces the row of this id.
pub async fn save(db: &impl ConnectionTrait, upload: Model) -> Result<()> {
    let all = upload.into_active_model().reset_all();
    Entity::update(all).exec(db).await?;
    Ok(())
}

/// Newest first.
pub async fn list_newest(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Model>> {
    let query = Entity::find()
        .order_by_desc(Column::CreatedAtMs)
        .order_by_asc(Column::Id)
        .limit(limit);
    Ok(query.all(db).await?)
}

pub async fn list_in(db: &impl ConnectionTrait, states: &[&str]) -> Result<Vec<Model>> {
    let query = Entity::find().filter(Column::State.is_in(states.iter().copied()));
    Ok(query.all(db).await?)
}

pub async fn count_of_author(
    db: &impl ConnectionTrait,
    author_id: &str,
    states: &[&str],
) -> Result<u64> {
    let query = Entity::find()
        .filter(Column::AuthorId.eq(author_id))
        .filter(Column::State.is_in(states.iter().copied()));
    Ok(query.count(db).await?)
}
