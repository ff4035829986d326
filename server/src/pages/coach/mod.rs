//! The pages of coaches, all below `/coach`.

pub mod changes;
pub mod class;
pub mod finals;
pub mod insight;
pub mod problem;
pub mod problems;
pub mod rejudge;
pub mod upload;
pub mod version;

use super::errors::{ErrorCode, PageError};
use super::visit::Visit;
use crate::ids::{RejudgeId, UploadId};
use crate::services::sessions::Viewer;
use crate::services::visibility;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use gradien_problems::PackHash;
use std::future::{Ready, ready};

/// Somebody who may coach; others are asked to sign in, or turned away.
pub struct Coach(pub Viewer);

impl FromRequest for Coach {
    type Error = PageError;
    type Future = Ready<Result<Coach, PageError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let viewer = req
            .extensions()
            .get::<Visit>()
            .and_then(|visit| visit.viewer.clone());
        ready(match viewer {
            None => Err(ErrorCode::SignInRequired.into()),
            Some(viewer) => match visibility::require_coach(&viewer) {
                Ok(()) => Ok(Coach(viewer)),
                Err(error) => Err(error.into()),
            },
        })
    }
}

/// A text that no version can have as its hash is an address that is none.
fn parse_hash(text: &str) -> Result<PackHash, PageError> {
    text.parse().map_err(|_| ErrorCode::NotFound.into())
}

/// A text that no upload can have as its id is an address that is none.
pub fn parse_upload(text: &str) -> Result<UploadId, PageError> {
    text.parse().map_err(|_| ErrorCode::NotFound.into())
}

/// As [`parse_upload`].
pub fn parse_rejudge(text: &str) -> Result<RejudgeId, PageError> {
    text.parse().map_err(|_| ErrorCode::NotFound.into())
}

/// The beginning of a hash, enough to tell versions apart.
fn short(hash: &PackHash) -> String {
    hash.as_str().chars().take(10).collect()
}
