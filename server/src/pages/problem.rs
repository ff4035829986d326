//! A problem: statement on one side, form or editor on the other.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::problem_page::{self, Shown};
use super::visit::Visit;
use crate::services::Services;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use gradien_problems::PackSlug;
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Query {
    #[serde(default)]
    kept: Option<String>,
}

pub async fn get(
    path: web::Path<String>,
    query: web::Query<Query>,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let problem = services
        .problems
        .get(visit.viewer.as_ref(), &parse_slug(&path)?)?;
    let shown = Shown {
        kept: query.kept.is_some(),
        ..Shown::default()
    };
    problem_page::respond(StatusCode::OK, &problem, shown, &visit, &services, &assets).await
}

/// A name that no problem can have is an address that is none.
pub fn parse_slug(text: &str) -> Result<PackSlug, PageError> {
    text.parse().map_err(|_| ErrorCode::NotFound.into())
}
