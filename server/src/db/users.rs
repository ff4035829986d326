//! Accounts.

use super::Result;
use super::entity::user::{Column, Entity, Model};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};

pub async fn create(db: &impl ConnectionTrait, user: Model) -> Result<()> {
    Entity::insert(user.into_active_model())
        .exec_without_returning(db)
        .await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: &str) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

pub async fn find_by_name(db: &impl ConnectionTrait, username: &str) -> Result<Option<Model>> {
    let query = Entity::find().filter(Column::Username.eq(username));
    Ok(query.one(db).await?)
}

pub async fn list_with_role(db: &impl ConnectionTrait, role: &str) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::Role.eq(role)).all(db).await?)
}

pub async fn count_with_role(db: &impl ConnectionTrait, role: &str) -> Result<u64> {
    Ok(Entity::find()
        .filter(Column::Role.eq(role))
        .count(db)
        .await?)
}

async fn set(db: &impl ConnectionTrait, id: &str, columns: &[(Column, &str)]) -> Result<()> {
    let mut update = Entity::update_many().filter(Column::Id.eq(id));
    for (column, value) in columns {
        update = update.col_expr(*column, Expr::value(*value));
    }
    update.exec(db).await?;
    Ok(())
}

pub async fn set_role(db: &impl ConnectionTrait, id: &str, role: &str) -> Result<()> {
    set(db, id, &[(Column::Role, role)]).await
}

pub async fn set_password_hash(db: &impl ConnectionTrait, id: &str, hash: &str) -> Result<()> {
    set(db, id, &[(Column::PasswordHash, hash)]).await
}

pub async fn set_preferences(
    db: &impl ConnectionTrait,
    id: &str,
    language: &str,
    zone: &str,
    theme: &str,
) -> Result<()> {
    let columns = [
        (Column::Language, language),
        (Column::Zone, zone),
        (Column::Theme, theme),
    ];
    set(db, id, &columns).await
}
