use crate::db::judgements::QUEUED;
use crate::ids::JudgementId;
use sea_orm::entity::prelude::*;

/// One piece of work for a grader.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "judgements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub submission_id: String,
    /// Lower goes first.
    pub class: i32,
    pub queued_at_ms: i64,
    /// `queued`, `leased`, `done` or `refused`.
    pub state: String,
    /// A retry waits until then.
    pub not_before_ms: i64,
    /// Leases that ended in a fault of ours, or are running.
    pub attempts: i32,
    /// All leases, so also those given back.
    pub leases: i32,
    /// Who holds it.
    pub worker: Option<String>,
    pub lease_expires_at_ms: Option<i64>,
    /// Grows with every lease; a report of an older one is refused.
    pub fencing: i64,
    pub done_at_ms: Option<i64>,
    /// `gradien_problems::Report`.
    #[sea_orm(column_type = "Text", nullable)]
    pub report_json: Option<String>,
    /// What the report says; absent of judgements from before there were these.
    pub verdict: Option<String>,
    pub score_hundredths: Option<i32>,
    /// The version that it judges by.
    pub pack_hash: String,
    /// The rejudge that it belongs to.
    pub rejudge_id: Option<String>,
    /// 1 while its outcome does not count: its rejudge is not in effect.
    pub held: i32,
    /// Of a rejudge: the judgement whose outcome it would replace.
    pub before_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::submission::Entity",
        from = "Column::SubmissionId",
        to = "super::submission::Column::Id"
    )]
    Submission,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// One that nobody has begun.
    pub fn queued(submission_id: String, class: i32, pack_hash: String, now_ms: i64) -> Model {
        Model {
            id: JudgementId::random().to_string(),
            submission_id,
            class,
            queued_at_ms: now_ms,
            state: QUEUED.into(),
            not_before_ms: now_ms,
            attempts: 0,
            leases: 0,
            worker: None,
            lease_expires_at_ms: None,
            fencing: 0,
            done_at_ms: None,
            report_json: None,
            verdict: None,
            score_hundredths: None,
            pack_hash,
            rejudge_id: None,
            held: 0,
            before_id: None,
        }
    }
}
