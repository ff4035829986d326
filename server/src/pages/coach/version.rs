//! A version: what verifying it found.

use super::{Coach, parse_hash, short};
use crate::pages::assets::Assets;
use crate::pages::errors::PageError;
use crate::pages::frame::Frame;
use crate::pages::home::status_text;
use crate::pages::parts::proof::{ProofPart, ProofView};
use crate::pages::problem::parse_slug;
use crate::pages::visit::Visit;
use crate::pages::{fragment, html};
use crate::services::Services;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/coach/version.html")]
struct CoachVersionPage {
    frame: Frame,
    slug: String,
    title: String,
    heading: String,
    status: String,
    status_class: &'static str,
    /// HTML.
    proof_html: Option<String>,
}

pub async fn get(
    path: web::Path<(String, String)>,
    Coach(viewer): Coach,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let (slug, hash) = path.into_inner();
    let (slug, hash) = (parse_slug(&slug)?, parse_hash(&hash)?);
    let (version, pack) = services.problems.get_version(&viewer, &slug, &hash).await?;
    let proof = version.find_proof().map(|proof| ProofPart {
        t,
        proof: ProofView::new(&proof, t),
    });
    let page = CoachVersionPage {
        frame: Frame::new(&visit, &services, &assets),
        slug: slug.to_string(),
        title: pack.title.get(t.language).to_owned(),
        heading: t.with("version-heading", "version", short(&hash)),
        status: t.get(status_text(version.status).0),
        status_class: version.status.name(),
        proof_html: proof.as_ref().map(fragment).transpose()?,
    };
    html(StatusCode::OK, &page)
}
