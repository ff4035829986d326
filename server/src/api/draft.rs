//! `PUT /problems/{slug}/draft`: keeps what is typed on the account.

use crate::pages::errors::PageError;
use crate::pages::forms::CheckedJson;
use crate::pages::limits::{Action, RateLimits};
use crate::pages::problem::parse_slug;
use crate::pages::visit::SignedIn;
use crate::services::Services;
use actix_web::{HttpResponse, web};
use gradien_problems::protocol::Submission;

pub async fn put(
    path: web::Path<String>,
    SignedIn(viewer): SignedIn,
    CheckedJson(typed): CheckedJson<Submission>,
    services: web::Data<Services>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    let slug = parse_slug(&path)?;
    limits.check(Action::Draft {
        user: &viewer.user.id.to_string(),
    })?;
    services.drafts.save(&viewer, &slug, &typed).await?;
    Ok(HttpResponse::NoContent().finish())
}
