//! Forms with files, read part by part: the token comes first, so that not a byte is
//! kept for a form that is not ours.

use super::errors::{ErrorCode, PageError};
use super::limits::{Action, RateLimits};
use super::visit::Visit;
use crate::services::Services;
use actix_multipart::{Field, Multipart, MultipartError};
use futures_util::TryStreamExt;

/// Of a token, or of another short text.
pub const MAX_TEXT_BYTES: usize = 4096;

pub struct FileForm<'a> {
    form: Multipart,
    visit: &'a Visit,
    services: &'a Services,
    limits: &'a RateLimits,
    /// What sending the form counts as, once its token was right.
    action: Option<Action<'a>>,
}

impl<'a> FileForm<'a> {
    pub fn new(
        form: Multipart,
        visit: &'a Visit,
        services: &'a Services,
        limits: &'a RateLimits,
        action: Action<'a>,
    ) -> FileForm<'a> {
        FileForm {
            form,
            visit,
            services,
            limits,
            action: Some(action),
        }
    }

    /// The next part after the token; `None` at the end.
    ///
    /// # Errors
    /// [`ErrorCode::FormExpired`] where the first part is not a token of this
    /// visit's, too many forms of the kind, what is no form.
    pub async fn next(&mut self) -> Result<Option<Field>, PageError> {
        if let Some(action) = self.action.take() {
            // What cannot be read as a form with a token has none.
            let first = self.form.try_next().await.ok().flatten();
            let first = first.filter(|field| field.name() == Some("csrf"));
            let mut field = first.ok_or(ErrorCode::FormExpired)?;
            let token = text(&mut field, MAX_TEXT_BYTES).await?;
            let subject = &self.visit.csrf_subject;
            if !self.services.sessions.csrf_valid(subject, &token) {
                return Err(ErrorCode::FormExpired.into());
            }
            self.limits.check(action)?;
        }
        self.form.try_next().await.map_err(refused)
    }
}

/// A part that is a short text.
///
/// # Errors
/// [`ErrorCode::TooLarge`], [`ErrorCode::BadRequest`] where it is not UTF-8.
pub async fn text(field: &mut Field, max_bytes: usize) -> Result<String, PageError> {
    let mut bytes = Vec::new();
    while let Some(part) = field.try_next().await.map_err(refused)? {
        bytes.extend_from_slice(&part);
        if bytes.len() > max_bytes {
            return Err(ErrorCode::TooLarge.into());
        }
    }
    String::from_utf8(bytes).map_err(|_| ErrorCode::BadRequest.into())
}

pub fn refused(error: MultipartError) -> PageError {
    tracing::debug!(%error, "a form with a file cannot be read");
    ErrorCode::BadRequest.into()
}
