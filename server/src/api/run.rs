//! `POST /problems/{slug}/run` with JSON: runs without a verdict, and gives the
//! part of the page that shows the result.

use crate::pages::errors::PageError;
use crate::pages::forms::CheckedJson;
use crate::pages::fragment;
use crate::pages::limits::{Action, RateLimits};
use crate::pages::parts::run::RunPart;
use crate::pages::problem::{self, Tried};
use crate::pages::visit::{SignedIn, Visit};
use crate::services::Services;
use actix_web::{HttpResponse, web};
use gradien_problems::protocol::RunInput;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct RunRequest {
    source: String,
    input: RunInput,
}

pub async fn post(
    path: web::Path<String>,
    tried: web::Query<Tried>,
    SignedIn(viewer): SignedIn,
    CheckedJson(request): CheckedJson<RunRequest>,
    visit: Visit,
    services: web::Data<Services>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    let problem = problem::find(&path, &tried, &visit, &services).await?;
    let slug = problem.pack.slug.clone();
    limits.check(Action::Run {
        user: &viewer.user.id.to_string(),
    })?;
    let own = matches!(request.input, RunInput::Own { .. });
    let report = services
        .runs
        .run(
            &viewer,
            &slug,
            problem.tried_version(),
            request.source,
            request.input,
        )
        .await?;
    let html = fragment(&RunPart::new(&report, own, visit.t))?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "html": html })))
}
