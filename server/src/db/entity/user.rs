use sea_orm::entity::prelude::*;

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Lower case, unique.
    pub username: String,
    pub display_name: String,
    /// argon2id, as a PHC string.
    pub password_hash: String,
    /// `student`, `coach` or `admin`.
    pub role: String,
    pub language: String,
    pub zone: String,
    pub theme: String,
    pub created_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
