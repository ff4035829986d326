//! Drafts: one per user and problem, and of each version that a coach tries.

use super::Result;
use super::entity::draft::{Column, Entity, Model};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel};

pub async fn save(db: &impl ConnectionTrait, draft: Model) -> Result<()> {
    let replace = OnConflict::columns([Column::UserId, Column::Slug, Column::Trial])
        .update_columns([Column::ContentJson, Column::SavedAtMs])
        .to_owned();
    Entity::insert(draft.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(
    db: &impl ConnectionTrait,
    user_id: &str,
    slug: &str,
    trial: &str,
) -> Result<Option<Model>> {
    let key = (user_id.to_owned(), slug.to_owned(), trial.to_owned());
    Ok(Entity::find_by_id(key).one(db).await?)
}
