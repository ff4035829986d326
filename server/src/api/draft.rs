//! `PUT /problems/{slug}/draft`: keeps what is typed on the account.

use crate::pages::errors::PageError;
use crate::pages::forms::CheckedJson;
use crate::pages::limits::{Action, RateLimits};
use crate::pages::problem::{self, Tried};
use crate::pages::visit::{SignedIn, Visit};
use crate::services::Services;
use actix_web::{HttpResponse, web};
use gradien_problems::protocol::Submission;

pub async fn put(
    path: web::Path<String>,
    tried: web::Query<Tried>,
    visit: Visit,
    SignedIn(viewer): SignedIn,
    CheckedJson(typed): CheckedJson<Submission>,
    services: web::Data<Services>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    let problem = problem::find(&path, &tried, &visit, &services).await?;
    limits.check(Action::Draft {
        user: &viewer.user.id.to_string(),
    })?;
    services.drafts.save(&viewer, &problem, &typed).await?;
    Ok(HttpResponse::NoContent().finish())
}
