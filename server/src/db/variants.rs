//! Variants: one row per user and problem, or version that a coach tries, that
//! other numbers were asked of.

use super::Result;
use super::entity::drawn_variant::{Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};

/// How often; 0 where there is no row.
pub async fn count_draws(
    db: &impl ConnectionTrait,
    user_id: &str,
    slug: &str,
    trial: &str,
) -> Result<u32> {
    let key = (user_id.to_owned(), slug.to_owned(), trial.to_owned());
    let row = Entity::find_by_id(key).one(db).await?;
    Ok(row.map_or(0, |row| u32::try_from(row.draws).unwrap_or(0)))
}

pub async fn save(db: &impl ConnectionTrait, drawn: Model) -> Result<()> {
    let replace = OnConflict::columns([Column::UserId, Column::Slug, Column::Trial])
        .update_columns([Column::Draws, Column::DrawnAtMs])
        .to_owned();
    Entity::insert(drawn.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
