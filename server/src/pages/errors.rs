//! The one table of what can go wrong: error → code, status, message and hint in
//! both languages. A fault of ours shows only a request number.

use crate::i18n::{Text, Texts};
use crate::services::ServiceError;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use std::fmt;

macro_rules! error_table {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:ident, $message:expr, $hint:expr;)*) => {
        /// What is told to the reader; each has its row in the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorCode { $($(#[$doc])* $name),* }

        impl ErrorCode {
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name),*];

            /// The word that scripts and tests get; it never changes.
            pub fn code(self) -> &'static str {
                match self { $(ErrorCode::$name => $code),* }
            }

            pub fn status(self) -> StatusCode {
                match self { $(ErrorCode::$name => StatusCode::$status),* }
            }

            pub fn message(self) -> Text {
                match self { $(ErrorCode::$name => $message),* }
            }

            pub fn hint(self) -> Text {
                match self { $(ErrorCode::$name => $hint),* }
            }
        }
    };
}

error_table! {
    BadRequest = "bad_request", BAD_REQUEST,
        Text("error-bad-request"), Text("error-bad-request-hint");
    /// The token against forged requests is missing or of another session.
    FormExpired = "form_expired", FORBIDDEN,
        Text("error-form-expired"), Text("error-form-expired-hint");
    Forbidden = "forbidden", FORBIDDEN,
        Text("error-forbidden"), Text("error-forbidden-hint");
    SignInRequired = "sign_in_required", UNAUTHORIZED,
        Text("error-sign-in-required"), Text("error-sign-in-required-hint");
    NotFound = "not_found", NOT_FOUND,
        Text("error-not-found"), Text("error-not-found-hint");
    TooLarge = "too_large", PAYLOAD_TOO_LARGE,
        Text("error-too-large"), Text("error-too-large-hint");
    UnsupportedMedia = "unsupported_media", UNSUPPORTED_MEDIA_TYPE,
        Text("error-unsupported-media"), Text("error-unsupported-media-hint");
    RateLimited = "rate_limited", TOO_MANY_REQUESTS,
        Text("error-rate-limited"), Text("error-rate-limited-hint");
    /// The graders are busy, or a run took too long.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE,
        Text("error-unavailable"), Text("error-unavailable-hint");
    /// None can be started.
    GraderAbsent = "grader_absent", SERVICE_UNAVAILABLE,
        Text("error-grader-absent"), Text("error-grader-absent-hint");
    Internal = "internal", INTERNAL_SERVER_ERROR,
        Text("error-internal"), Text("error-internal-hint");
    WrongCredentials = "wrong_credentials", UNAUTHORIZED,
        Text("error-wrong-credentials"), Text("error-wrong-credentials-hint");
    SignUpClosed = "sign_up_closed", FORBIDDEN,
        Text("error-sign-up-closed"), Text("error-sign-up-closed-hint");
    UsernameTaken = "username_taken", CONFLICT,
        Text("error-username-taken"), Text("error-username-taken-hint");
    UsernameInvalid = "username_invalid", UNPROCESSABLE_ENTITY,
        Text("error-username-invalid"), Text("error-username-invalid-hint");
    DisplayNameInvalid = "display_name_invalid", UNPROCESSABLE_ENTITY,
        Text("error-display-name-invalid"), Text("error-display-name-invalid-hint");
    PasswordInvalid = "password_invalid", UNPROCESSABLE_ENTITY,
        Text("error-password-invalid"), Text("error-password-invalid-hint");
    AdminLinkInvalid = "admin_link_invalid", GONE,
        Text("error-admin-link-invalid"), Text("error-admin-link-invalid-hint");
    /// Of `gradien pack preview`.
    PreviewLinkInvalid = "preview_link_invalid", GONE,
        Text("error-preview-link-invalid"), Text("error-preview-link-invalid-hint");
    SubmissionEmpty = "submission_empty", UNPROCESSABLE_ENTITY,
        Text("error-submission-empty"), Text("error-submission-empty-hint");
    AttemptsUsed = "attempts_used", CONFLICT,
        Text("error-attempts-used"), Text("error-attempts-used-hint");
    PartOpened = "part_opened", CONFLICT,
        Text("error-part-opened"), Text("error-part-opened-hint");
    SubmissionMismatch = "submission_mismatch", UNPROCESSABLE_ENTITY,
        Text("error-submission-mismatch"), Text("error-submission-mismatch-hint");
    /// Of a version: it could not be prepared.
    PackUnready = "pack_unready", CONFLICT,
        Text("error-pack-unready"), Text("error-pack-unready-hint");
    PackTooLarge = "pack_too_large", PAYLOAD_TOO_LARGE,
        Text("error-pack-too-large"), Text("error-pack-too-large-hint");
    PackMissing = "pack_missing", UNPROCESSABLE_ENTITY,
        Text("error-pack-missing"), Text("error-pack-missing-hint");
    TooManyUploads = "too_many_uploads", TOO_MANY_REQUESTS,
        Text("error-too-many-uploads"), Text("error-too-many-uploads-hint");
    PackUnproved = "pack_unproved", CONFLICT,
        Text("error-pack-unproved"), Text("error-pack-unproved-hint");
    PackSealed = "pack_sealed", CONFLICT,
        Text("error-pack-sealed"), Text("error-pack-sealed-hint");
    NothingToSeal = "nothing_to_seal", CONFLICT,
        Text("error-nothing-to-seal"), Text("error-nothing-to-seal-hint");
    RejudgeOpen = "rejudge_open", CONFLICT,
        Text("error-rejudge-open"), Text("error-rejudge-open-hint");
    RejudgeUnfinished = "rejudge_unfinished", CONFLICT,
        Text("error-rejudge-unfinished"), Text("error-rejudge-unfinished-hint");
    PackElsewhere = "pack_elsewhere", CONFLICT,
        Text("error-pack-elsewhere"), Text("error-pack-elsewhere-hint");
}

/// Why a page could not be given. The middleware of [`super::visit`] prints it, as
/// a page or as JSON, in the reader's language.
#[derive(Debug)]
pub struct PageError {
    pub code: ErrorCode,
    pub retry_after_s: Option<u64>,
    /// For the log alone.
    pub cause: Option<ServiceError>,
}

impl PageError {
    pub fn rate_limited(retry_after_s: u64) -> PageError {
        PageError {
            code: ErrorCode::RateLimited,
            retry_after_s: Some(retry_after_s.max(1)),
            cause: None,
        }
    }
}

impl From<ErrorCode> for PageError {
    fn from(code: ErrorCode) -> PageError {
        PageError {
            code,
            retry_after_s: None,
            cause: None,
        }
    }
}

impl From<ServiceError> for PageError {
    fn from(error: ServiceError) -> PageError {
        let code = match &error {
            ServiceError::NotFound { .. } => ErrorCode::NotFound,
            ServiceError::Forbidden => ErrorCode::Forbidden,
            ServiceError::SignUpClosed => ErrorCode::SignUpClosed,
            ServiceError::UsernameInvalid => ErrorCode::UsernameInvalid,
            ServiceError::UsernameTaken => ErrorCode::UsernameTaken,
            ServiceError::DisplayNameInvalid => ErrorCode::DisplayNameInvalid,
            ServiceError::PasswordLength { .. } => ErrorCode::PasswordInvalid,
            ServiceError::WrongCredentials => ErrorCode::WrongCredentials,
            ServiceError::AdminLinkInvalid => ErrorCode::AdminLinkInvalid,
            ServiceError::SessionOver => ErrorCode::SignInRequired,
            ServiceError::SourceTooLong { .. } | ServiceError::DraftTooLong { .. } => {
                ErrorCode::TooLarge
            }
            ServiceError::SourceEmpty => ErrorCode::SubmissionEmpty,
            ServiceError::WrongKind
            | ServiceError::AnswerMalformed { .. }
            | ServiceError::VariantNotGiven => ErrorCode::SubmissionMismatch,
            ServiceError::AttemptsUsed => ErrorCode::AttemptsUsed,
            ServiceError::PartOpened => ErrorCode::PartOpened,
            ServiceError::PackUnready => ErrorCode::PackUnready,
            ServiceError::PackTooLarge { .. } => ErrorCode::PackTooLarge,
            ServiceError::TooManyUploads { .. } => ErrorCode::TooManyUploads,
            ServiceError::PackUnproved => ErrorCode::PackUnproved,
            ServiceError::PackSealed => ErrorCode::PackSealed,
            ServiceError::NothingToSeal => ErrorCode::NothingToSeal,
            ServiceError::RejudgeOpen => ErrorCode::RejudgeOpen,
            ServiceError::RejudgeUnfinished => ErrorCode::RejudgeUnfinished,
            ServiceError::PackElsewhere { .. } => ErrorCode::PackElsewhere,
            ServiceError::TooManyWaiting { .. } => ErrorCode::RateLimited,
            ServiceError::Busy | ServiceError::RunTimedOut { .. } => ErrorCode::Unavailable,
            ServiceError::NoGrader => ErrorCode::GraderAbsent,
            ServiceError::GraderFailed { .. }
            | ServiceError::Database(_)
            | ServiceError::Pack(_)
            | ServiceError::File { .. }
            | ServiceError::Internal { .. } => ErrorCode::Internal,
        };
        let wait = matches!(code, ErrorCode::Unavailable | ErrorCode::RateLimited);
        let retry_after_s = wait.then_some(5);
        PageError {
            code,
            retry_after_s,
            cause: Some(error),
        }
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.code())
    }
}

impl std::error::Error for PageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| cause as _)
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The code for an error of the framework's own: a body that is too large, an
/// address that does not parse.
pub fn code_of_status(status: StatusCode) -> ErrorCode {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => ErrorCode::NotFound,
        StatusCode::FORBIDDEN => ErrorCode::Forbidden,
        StatusCode::UNAUTHORIZED => ErrorCode::SignInRequired,
        StatusCode::PAYLOAD_TOO_LARGE => ErrorCode::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ErrorCode::UnsupportedMedia,
        StatusCode::TOO_MANY_REQUESTS => ErrorCode::RateLimited,
        status if status.is_client_error() => ErrorCode::BadRequest,
        _ => ErrorCode::Internal,
    }
}

/// An error as a form shows it above its fields.
pub struct ErrorView {
    pub message: String,
    pub hint: String,
}

impl ErrorView {
    pub fn new(code: ErrorCode, t: Texts) -> ErrorView {
        ErrorView {
            message: t.get(code.message().0),
            hint: t.get(code.hint().0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gradien_problems::Language;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_distinct_and_their_texts_exist() {
        let mut codes = BTreeSet::new();
        for code in ErrorCode::ALL {
            assert!(codes.insert(code.code()), "{}", code.code());
            assert!(code.status().is_client_error() || code.status().is_server_error());
            for language in Language::ALL {
                let view = ErrorView::new(*code, Texts::new(language));
                assert_ne!(view.message, code.message().0);
                assert_ne!(view.hint, code.hint().0);
            }
        }
    }

    #[test]
    fn what_is_ours_never_says_what_it_was() {
        let secret = "the text of a database error";
        let error = PageError::from(ServiceError::internal(secret));
        assert_eq!(error.code, ErrorCode::Internal);
        assert!(!error.to_string().contains(secret));
    }
}
