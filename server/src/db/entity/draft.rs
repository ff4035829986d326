use sea_orm::entity::prelude::*;

/// What somebody typed and did not submit yet.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "drafts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    /// The version that a coach tried, by its hash; empty where it was the problem
    /// itself.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trial: String,
    #[sea_orm(column_type = "Text")]
    pub content_json: String,
    pub saved_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
