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
    /// The numbers of each variant, once prepared; absent where there are none.
    #[sea_orm(column_type = "Text", nullable)]
    pub variants_json: Option<String>,
    /// `draft`, `published`, `sealed` or `withdrawn`; at most one of a problem is `published`.
    pub status: String,
    /// `shipped` (a folder that was given at start) or `uploaded`.
    pub origin: String,
    /// Who uploaded it.
    pub author_id: Option<String>,
    pub published_at_ms: Option<i64>,
    pub withdrawn_at_ms: Option<i64>,
    /// What verifying it said when it was uploaded.
    #[sea_orm(column_type = "Text", nullable)]
    pub proof_json: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
