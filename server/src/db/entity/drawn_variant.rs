use sea_orm::entity::prelude::*;

/// How often somebody asked for other numbers of a problem.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "drawn_variants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    /// The version that a coach tried, by its hash; empty where it was the problem
    /// itself.
    #[sea_orm(primary_key, auto_increment = false)]
    pub trial: String,
    pub draws: i32,
    /// The last time.
    pub drawn_at_ms: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
