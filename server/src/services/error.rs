//! Why a service refused or failed. Pages turn these into a code, a status and
//! a sentence in the reader's language.

use crate::ids::IncidentId;

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// There is no such thing, or the viewer may not know that there is.
    #[error("there is no such {what}")]
    NotFound { what: &'static str },
    #[error("the viewer may not do this")]
    Forbidden,

    // Accounts
    #[error("signing up is closed")]
    SignUpClosed,
    #[error("the user name is not well-formed")]
    UsernameInvalid,
    #[error("the user name is taken")]
    UsernameTaken,
    #[error("the display name is empty, too long or holds control characters")]
    DisplayNameInvalid,
    #[error("the password is shorter than {min} or longer than {max} characters")]
    PasswordLength { min: usize, max: usize },
    /// The user name or the password is wrong; which one is not told.
    #[error("the user name or the password is wrong")]
    WrongCredentials,
    #[error("the link for the first administrator was used, is old or is not one")]
    AdminLinkInvalid,
    /// The token is missing, expired, forged or revoked.
    #[error("the session is over")]
    SessionOver,

    // Packs
    /// It could not be prepared, so nothing can be judged by it.
    #[error("the version could not be prepared")]
    PackUnready,
    /// The same files are installed under another name.
    #[error("the same files are the problem {slug:?}")]
    PackElsewhere { slug: String },

    #[error("the archive is longer than {limit_bytes} bytes")]
    PackTooLarge { limit_bytes: u64 },
    /// Of one coach, under way at once.
    #[error("{limit} uploads are under way")]
    TooManyUploads { limit: u64 },
    /// Its proof found faults.
    #[error("the version is not proved")]
    PackUnproved,
    /// It is for a contest.
    #[error("the version is sealed")]
    PackSealed,
    #[error("nothing in the pack is drawn")]
    NothingToSeal,
    /// A rejudge of the same problem is open.
    #[error("a rejudge of the problem is open")]
    RejudgeOpen,
    /// It is not judged to its end.
    #[error("the rejudge is not finished")]
    RejudgeUnfinished,

    // Submissions and runs
    #[error("the source is longer than {limit_bytes} bytes")]
    SourceTooLong { limit_bytes: usize },
    #[error("the source is empty")]
    SourceEmpty,
    /// An answer where the problem asks for a program, or the reverse.
    #[error("the problem asks for another kind of submission")]
    WrongKind,
    #[error("the field {field:?} is not one of the problem's")]
    AnswerMalformed { field: String },
    /// A variant that the problem does not have, or that its author was never given.
    #[error("the answer is for a variant that was not given")]
    VariantNotGiven,
    #[error("the draft is longer than {limit_bytes} bytes")]
    DraftTooLong { limit_bytes: usize },
    /// Of one user's submissions.
    #[error("{limit} submissions wait already")]
    TooManyWaiting { limit: u64 },
    #[error("no attempt is left")]
    AttemptsUsed,
    /// The final submission was to be chosen before that.
    #[error("part B is open")]
    PartOpened,
    /// A run of this user is under way, or too many of others wait.
    #[error("the graders are busy")]
    Busy,
    /// None can be started: the log says why.
    #[error("no grader starts")]
    NoGrader,
    #[error("the run took longer than {limit_ms} ms")]
    RunTimedOut { limit_ms: u64 },
    /// A fault of ours; the log has the incident's details.
    #[error("the grader failed (incident {incident})")]
    GraderFailed { incident: IncidentId },

    // Ours
    #[error("the database failed")]
    Database(#[from] crate::db::DbError),
    #[error("a pack cannot be loaded")]
    Pack(#[from] gradien_problems::PackError),
    #[error("{}: cannot be used", .path.display())]
    File {
        path: std::path::PathBuf,
        source: std::io::Error,
    },
    #[error("{what}")]
    Internal { what: String },
}

impl ServiceError {
    pub fn internal(what: impl Into<String>) -> ServiceError {
        ServiceError::Internal { what: what.into() }
    }
}
