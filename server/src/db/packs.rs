//! Installed pack versions, and which of them is a problem's present one.

use super::Result;
use super::entity::{pack, problem};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};

/// Adds a version; does nothing where it is known.
pub async fn create_if_new(db: &impl ConnectionTrait, version: pack::Model) -> Result<()> {
    let keep = OnConflict::column(pack::Column::Hash)
        .do_nothing()
        .to_owned();
    pack::Entity::insert(version.into_active_model())
        .on_conflict(keep)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, hash: &str) -> Result<Option<pack::Model>> {
    Ok(pack::Entity::find_by_id(hash).one(db).await?)
}

/// Makes this version the present one of its problem.
pub async fn set_current(
    db: &impl ConnectionTrait,
    slug: &str,
    hash: &str,
    now_ms: i64,
) -> Result<()> {
    let row = problem::Model {
        slug: slug.into(),
        pack_hash: hash.into(),
        updated_at_ms: now_ms,
    };
    let replace = OnConflict::column(problem::Column::Slug)
        .update_columns([problem::Column::PackHash, problem::Column::UpdatedAtMs])
        .to_owned();
    problem::Entity::insert(row.into_active_model())
        .on_conflict(replace)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The present version of every problem.
pub async fn list_current(db: &impl ConnectionTrait) -> Result<Vec<pack::Model>> {
    let problems = problem::Entity::find().all(db).await?;
    let hashes = problems.into_iter().map(|problem| problem.pack_hash);
    let query = pack::Entity::find().filter(pack::Column::Hash.is_in(hashes));
    Ok(query.all(db).await?)
}

pub async fn record_state(
    db: &impl ConnectionTrait,
    hash: &str,
    state: &str,
    samples_json: Option<String>,
) -> Result<()> {
    pack::Entity::update_many()
        .col_expr(pack::Column::State, Expr::value(state))
        .col_expr(pack::Column::SamplesJson, Expr::value(samples_json))
        .filter(pack::Column::Hash.eq(hash))
        .exec(db)
        .await?;
    Ok(())
}
