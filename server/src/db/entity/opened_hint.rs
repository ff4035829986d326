use sea_orm::entity::prelude::*;

/// A hint that somebody opened.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "opened_hints")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    /// Its place in the pack, counted from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    /// The version that a coach tried, by its hash; empty where it was the problem
    /// itself.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trial: String,
    /// The version whose text was read.
    pub pack_hash: String,
    /// What it was said to cost when it was opened.
    pub cost_hundredths: i32,
    pub opened_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
