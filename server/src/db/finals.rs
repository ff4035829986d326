//! Final submissions: what was chosen, and what is taken where nothing was.

use super::Result;
use super::entity::final_submission::{Column, Entity, Model};
use super::entity::{opened_part, submission};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

pub async fn save(db: &impl ConnectionTrait, chosen: Model) -> Result<()> {
    let replace = OnConflict::columns([Column::UserId, Column::Slug])
        .update_columns([Column::SubmissionId, Column::ChosenAtMs])
        .to_owned();
    Entity::insert(chosen.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, user_id: &str, slug: &str) -> Result<Option<Model>> {
    let key = (user_id.to_owned(), slug.to_owned());
    Ok(Entity::find_by_id(key).one(db).await?)
}

/// The one with the highest score, of equal ones the first; of those whose verdict
/// counts as an attempt, handed in before part B was opened.
pub async fn find_best(
    db: &impl ConnectionTrait,
    user_id: &str,
    slug: &str,
    refunded: &[&str],
    opened_at_ms: Option<i64>,
) -> Result<Option<submission::Model>> {
    let mut query = submission::Entity::find()
        .filter(submission::Column::UserId.eq(user_id))
        .filter(submission::Column::Slug.eq(slug))
        .filter(submission::Column::Verdict.is_not_null())
        .filter(submission::Column::Verdict.is_not_in(refunded.iter().copied()))
        .order_by_desc(submission::Column::ScoreHundredths)
        .order_by_asc(submission::Column::SubmittedAtMs)
        .order_by_asc(submission::Column::Id);
    if let Some(opened_at_ms) = opened_at_ms {
        query = query.filter(submission::Column::SubmittedAtMs.lt(opened_at_ms));
    }
    Ok(query.one(db).await?)
}

/// Since when part B of a problem is open.
pub async fn find_opened(
    db: &impl ConnectionTrait,
    slug: &str,
) -> Result<Option<opened_part::Model>> {
    Ok(opened_part::Entity::find_by_id(slug).one(db).await?)
}

/// Opens part B; what was open stays as it was.
pub async fn open(db: &impl ConnectionTrait, part: opened_part::Model) -> Result<()> {
    let keep = OnConflict::column(opened_part::Column::Slug)
        .do_nothing()
        .to_owned();
    opened_part::Entity::insert(part.into_active_model())
        .on_conflict(keep)
        .exec_without_returning(db)
        .await?;
    Ok(())
}
