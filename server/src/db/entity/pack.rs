use sea_orm::entity::prelude::*;

/// An installed pack version; its files lie in the data folder under the hash.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "packs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub slug: String,
    pub installed_at_ms: i64,
    /// `preparing`, `ready` or `failed`.
    pub state: String,
    /// The visible samples, once prepared.
    #[sea_orm(column_type = "Text", nullable)]
    pub samples_json: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
