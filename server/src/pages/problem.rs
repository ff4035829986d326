//! A problem: statement on one side, form or editor on the other.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::problem_page::{self, Shown};
use super::visit::Visit;
use crate::services::Services;
use crate::services::problems::ProblemView;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use gradien_problems::PackSlug;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    kept: Option<String>,
}

/// The version that a coach tries; absent for everybody else.
#[derive(Deserialize)]
pub struct Tried {
    version: Option<String>,
}

/// The problem of this address, in the version that is asked for.
pub async fn find(
    slug: &str,
    tried: &Tried,
    visit: &Visit,
    services: &Services,
) -> Result<ProblemView, PageError> {
    let slug = parse_slug(slug)?;
    let version = match &tried.version {
        Some(hash) => Some(hash.parse().map_err(|_| ErrorCode::NotFound)?),
        None => None,
    };
    let viewer = visit.viewer.as_ref();
    let problem = services
        .problems
        .get_to_try(viewer, &slug, version.as_ref());
    Ok(problem.await?)
}

pub async fn get(
    path: web::Path<String>,
    query: web::Query<Query>,
    tried: web::Query<Tried>,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let problem = find(&path, &tried, &visit, &services).await?;
    let shown = Shown {
        kept: query.kept.is_some(),
        ..Shown::default()
    };
    problem_page::respond(StatusCode::OK, &problem, shown, &visit, &services, &assets).await
}

/// Where the problem is shown, in the version that is tried.
pub fn address(problem: &ProblemView) -> String {
    format!("/problems/{}{}", problem.pack.slug, query_of(problem))
}

/// `?version=…` where a coach tries a version, else nothing.
pub fn query_of(problem: &ProblemView) -> String {
    match problem.tried_version() {
        Some(hash) => format!("?version={hash}"),
        None => String::new(),
    }
}

/// A name that no problem can have is an address that is none.
pub fn parse_slug(text: &str) -> Result<PackSlug, PageError> {
    text.parse().map_err(|_| ErrorCode::NotFound.into())
}
