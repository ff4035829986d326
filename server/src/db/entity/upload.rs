use sea_orm::entity::prelude::*;

/// A pack that a coach sent, from the moment that its bytes are here to what came
/// of it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "uploads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub author_id: String,
    /// As the browser gave it; to be shown, never a name of a file of ours.
    pub file_name: String,
    pub bytes: i64,
    /// The problem that it shall be a version of, whatever the archive says.
    pub wanted_slug: Option<String>,
    pub created_at_ms: i64,
    /// `unpacking`, `proving`, or how it ended: `refused`, `unproved`, `installed`,
    /// `discarded`, `interrupted`, `failed`.
    pub state: String,
    pub ended_at_ms: Option<i64>,
    /// Of the pack in it, once unpacked.
    pub slug: Option<String>,
    pub pack_hash: Option<String>,
    /// `gradien::services::uploads::Refusal`.
    #[sea_orm(column_type = "Text", nullable)]
    pub refusal_json: Option<String>,
    /// `gradien_problems::proof::Proof`.
    #[sea_orm(column_type = "Text", nullable)]
    pub proof_json: Option<String>,
    /// 1 where it is a version that the server seals, and nobody sent a file.
    pub sealed: i32,
    /// Names the fault of ours in the log.
    pub incident: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
