use sea_orm::entity::prelude::*;

/// Something handed in, with the outcome of its last judgement.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub user_id: String,
    pub slug: String,
    /// The version that it was judged by.
    pub pack_hash: String,
    /// `gradien_problems::protocol::Submission`.
    #[sea_orm(column_type = "Text")]
    pub content_json: String,
    pub submitted_at_ms: i64,
    pub judged_at_ms: Option<i64>,
    pub verdict: Option<String>,
    pub score_hundredths: i32,
    pub max_score_hundredths: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::UserId",
        to = "super::user::Column::Id"
    )]
    User,
}

impl ActiveModelBehavior for ActiveModel {}
