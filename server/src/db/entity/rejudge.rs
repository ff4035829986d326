use sea_orm::entity::prelude::*;

/// All submissions to a problem, judged anew by another version of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rejudges")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub slug: String,
    /// The version that it judges by.
    pub pack_hash: String,
    pub author_id: Option<String>,
    pub created_at_ms: i64,
    /// `open`, `applied` or `discarded`.
    pub state: String,
    pub ended_at_ms: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
