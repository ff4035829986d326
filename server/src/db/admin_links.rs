//! The link that makes the first administrator, by its token's hash.

use super::Result;
use super::entity::admin_link::{Entity, Model};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};

pub async fn create(db: &impl ConnectionTrait, hash: &str, created_at_ms: i64) -> Result<()> {
    let link = Model {
        hash: hash.into(),
        created_at_ms,
    };
    Entity::insert(link.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn exists(db: &impl ConnectionTrait, hash: &str) -> Result<bool> {
    Ok(Entity::find_by_id(hash).one(db).await?.is_some())
}

/// Whether it was there.
pub async fn delete(db: &impl ConnectionTrait, hash: &str) -> Result<bool> {
    Ok(Entity::delete_by_id(hash).exec(db).await?.rows_affected > 0)
}

pub async fn delete_all(db: &impl ConnectionTrait) -> Result<()> {
    Entity::delete_many().exec(db).await?;
    Ok(())
}
