//! Installed pack versions, and which of them is a problem's present one.

use super::Result;
use super::entity::{pack, problem};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};

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

/// All versions of all problems, newest first.
pub async fn list_all(db: &impl ConnectionTrait) -> Result<Vec<pack::Model>> {
    let query = pack::Entity::find()
        .order_by_desc(pack::Column::InstalledAtMs)
        .order_by_asc(pack::Column::Hash);
    Ok(query.all(db).await?)
}

/// All versions of one problem, newest first.
pub async fn list_of_problem(db: &impl ConnectionTrait, slug: &str) -> Result<Vec<pack::Model>> {
    let query = pack::Entity::find()
        .filter(pack::Column::Slug.eq(slug))
        .order_by_desc(pack::Column::InstalledAtMs)
        .order_by_asc(pack::Column::Hash);
    Ok(query.all(db).await?)
}

/// Keeps what verifying a version said, in place of what it said before.
pub async fn record_proof(db: &impl ConnectionTrait, hash: &str, proof_json: &str) -> Result<()> {
    pack::Entity::update_many()
        .col_expr(pack::Column::ProofJson, Expr::value(proof_json))
        .filter(pack::Column::Hash.eq(hash))
        .exec(db)
        .await?;
    Ok(())
}

/// Moves a version to another status; the times say when it last came there.
pub async fn record_status(
    db: &impl ConnectionTrait,
    hash: &str,
    status: &str,
    now_ms: i64,
) -> Result<()> {
    let mut update = pack::Entity::update_many()
        .col_expr(pack::Column::Status, Expr::value(status))
        .filter(pack::Column::Hash.eq(hash));
    match status {
        "published" => {
            update = update
                .col_expr(pack::Column::PublishedAtMs, Expr::value(now_ms))
                .col_expr(pack::Column::WithdrawnAtMs, Expr::value(None::<i64>));
        }
        "withdrawn" => {
            update = update.col_expr(pack::Column::WithdrawnAtMs, Expr::value(now_ms));
        }
        _ => {}
    }
    update.exec(db).await?;
    Ok(())
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

/// The present version of a problem.
pub async fn find_current(db: &impl ConnectionTrait, slug: &str) -> Result<Option<pack::Model>> {
    match problem::Entity::find_by_id(slug).one(db).await? {
        Some(problem) => find(db, &problem.pack_hash).await,
        None => Ok(None),
    }
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
    samples_json: String,
    variants_json: Option<String>,
) -> Result<()> {
    pack::Entity::update_many()
        .col_expr(pack::Column::State, Expr::value(state))
        .col_expr(pack::Column::SamplesJson, Expr::value(samples_json))
        .col_expr(pack::Column::VariantsJson, Expr::value(variants_json))
        .filter(pack::Column::Hash.eq(hash))
        .exec(db)
        .await?;
    Ok(())
}
