//! Sending a pack, and one that was sent: what goes on, what came of it, what to do.
//!
//! The form works without a script, with an archive. A script lets folders be
//! dropped on it, and makes the archive in the browser.

use super::{Coach, parse_upload};
use crate::i18n::{mebibytes, show_time};
use crate::ids::UploadId;
use crate::pages::assets::Assets;
use crate::pages::errors::{ErrorCode, ErrorView, PageError};
use crate::pages::file_form::{FileForm, MAX_TEXT_BYTES, refused, text};
use crate::pages::forms::Form;
use crate::pages::frame::Frame;
use crate::pages::limits::{Action, RateLimits};
use crate::pages::parts::upload_state::{UploadStatePart, state_text};
use crate::pages::problem::parse_slug;
use crate::pages::visit::Visit;
use crate::pages::{fragment, html, see_other};
use crate::services::sessions::Viewer;
use crate::services::uploads::{Receiving, UploadView};
use crate::services::{ServiceError, Services};
use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use futures_util::TryStreamExt;
use gradien_problems::PackSlug;
use gradien_problems::pack::archive::MAX_ARCHIVE_BYTES;
use serde::Deserialize;

#[derive(Template)]
#[template(path = "pages/coach/upload.html")]
struct CoachUploadPage {
    frame: Frame,
    error: Option<ErrorView>,
    /// The problem that it shall be a version of: name and title.
    problem: Option<(String, String)>,
    limit: String,
    max_bytes: u64,
    uploads: Vec<Line>,
}

struct Line {
    href: String,
    file_name: String,
    slug: String,
    sealed: bool,
    state: String,
    state_class: &'static str,
    author: String,
    time: String,
}

#[derive(Debug, Default, Deserialize)]
pub struct Query {
    problem: Option<String>,
}

pub async fn get(
    Coach(viewer): Coach,
    query: web::Query<Query>,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let problem = match &query.problem {
        Some(slug) => Some(parse_slug(slug)?),
        None => None,
    };
    respond(problem, None, &viewer, &visit, &services, &assets).await
}

async fn respond(
    problem: Option<PackSlug>,
    error: Option<ErrorCode>,
    viewer: &Viewer,
    visit: &Visit,
    services: &Services,
    assets: &web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let problem = match problem {
        Some(slug) => {
            let pack = services.problems.get(Some(viewer), &slug)?.pack;
            Some((slug.to_string(), pack.title.get(t.language).to_owned()))
        }
        None => None,
    };
    let here = match &problem {
        Some((slug, _)) => format!("/coach/upload?problem={slug}"),
        None => "/coach/upload".to_owned(),
    };
    let uploads = services.uploads.list(viewer).await?;
    let page = CoachUploadPage {
        frame: Frame::new(visit, services, assets).at(here),
        error: error.map(|code| ErrorView::new(code, t)),
        problem,
        limit: t.with("pack-limit", "n", mebibytes(MAX_ARCHIVE_BYTES) as i64),
        max_bytes: MAX_ARCHIVE_BYTES,
        uploads: uploads.iter().map(|upload| line(upload, visit)).collect(),
    };
    html(error.map_or(StatusCode::OK, ErrorCode::status), &page)
}

fn line(upload: &UploadView, visit: &Visit) -> Line {
    let t = visit.t;
    Line {
        href: format!("/coach/uploads/{}", upload.id),
        file_name: upload.file_name.clone(),
        slug: match &upload.pack {
            Some((slug, _)) => slug.to_string(),
            None => "–".to_owned(),
        },
        sealed: upload.sealed,
        state: t.get(state_text(upload.state).0),
        state_class: upload.state.name(),
        author: upload.author.clone(),
        time: show_time(upload.created_at_ms, visit.zone, t.language),
    }
}

pub async fn post(
    form: Multipart,
    Coach(viewer): Coach,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    let mut wanted = None;
    match take(form, &viewer, &mut wanted, &visit, &services, &limits).await {
        Ok(id) => Ok(see_other(&format!("/coach/uploads/{id}"))),
        Err(error) if is_by_the_form(error.code) => {
            let code = Some(error.code);
            respond(wanted, code, &viewer, &visit, &services, &assets).await
        }
        Err(error) => Err(error),
    }
}

/// The errors that the form itself shows.
fn is_by_the_form(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::PackMissing | ErrorCode::PackTooLarge | ErrorCode::TooManyUploads
    )
}

async fn take(
    form: Multipart,
    viewer: &Viewer,
    wanted: &mut Option<PackSlug>,
    visit: &Visit,
    services: &Services,
    limits: &RateLimits,
) -> Result<UploadId, PageError> {
    let action = Action::Pack {
        user: &viewer.user.id.to_string(),
    };
    let mut form = FileForm::new(form, visit, services, limits, action);
    let mut received = None;
    while let Some(mut field) = form.next().await? {
        match field.name().unwrap_or_default() {
            "problem" if received.is_none() => {
                let slug = parse_slug(&text(&mut field, MAX_TEXT_BYTES).await?)?;
                services.problems.get(Some(viewer), &slug)?;
                *wanted = Some(slug);
            }
            "file" if received.is_none() => {
                received = Some(receive(&mut field, viewer, services).await?);
            }
            _ => return Err(ErrorCode::BadRequest.into()),
        }
    }
    let received = received.ok_or(ErrorCode::PackMissing)?;
    received.finish(wanted.as_ref()).await.map_err(of_a_pack)
}

async fn receive(
    field: &mut Field,
    viewer: &Viewer,
    services: &Services,
) -> Result<Receiving, PageError> {
    let name = field
        .content_disposition()
        .and_then(|disposition| disposition.get_filename())
        .unwrap_or_default()
        .to_owned();
    let mut receiving = services.uploads.receive(viewer, &name).await?;
    while let Some(part) = field.try_next().await.map_err(refused)? {
        receiving.write(&part).await?;
    }
    Ok(receiving)
}

/// An empty file is one that was not chosen.
fn of_a_pack(error: ServiceError) -> PageError {
    match error {
        ServiceError::SourceEmpty => ErrorCode::PackMissing.into(),
        error => error.into(),
    }
}

#[derive(Template)]
#[template(path = "pages/coach/uploaded.html")]
struct CoachUploadedPage {
    frame: Frame,
    id: String,
    file_name: String,
    facts: Vec<(String, String)>,
    pending: bool,
    /// HTML.
    state_html: String,
}

/// One upload.
pub async fn one(
    path: web::Path<String>,
    Coach(viewer): Coach,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let t = visit.t;
    let upload = services.uploads.get(&viewer, parse_upload(&path)?).await?;
    let state = UploadStatePart::new(&upload, &viewer, &visit, &services).await?;
    let size = t.with("upload-size", "n", upload.bytes.div_ceil(1024) as i64);
    let time = show_time(upload.created_at_ms, visit.zone, t.language);
    let mut facts = vec![
        (t.get("upload-by"), upload.author.clone()),
        (t.get("time"), time),
        (t.get("upload-bytes"), size),
    ];
    if let Some((slug, hash)) = &upload.pack {
        facts.push((t.get("problem"), slug.to_string()));
        facts.push((t.get("version"), super::short(hash)));
    }
    let page = CoachUploadedPage {
        frame: Frame::new(&visit, &services, &assets),
        id: upload.id.to_string(),
        file_name: upload.file_name.clone(),
        facts,
        pending: upload.state.is_under_way(),
        state_html: fragment(&state)?,
    };
    html(StatusCode::OK, &page)
}

pub async fn retry(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(_): Form,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    decide(&path, async |id| services.uploads.retry(&viewer, id).await).await
}

pub async fn keep(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(_): Form,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    decide(&path, async |id| services.uploads.keep(&viewer, id).await).await
}

pub async fn discard(
    path: web::Path<String>,
    Coach(viewer): Coach,
    Form(_): Form,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    decide(&path, async |id| {
        services.uploads.discard(&viewer, id).await
    })
    .await
}

/// What a coach decides of an upload; its page shows what came of it.
async fn decide<T>(
    upload: &str,
    decision: impl AsyncFnOnce(UploadId) -> Result<T, ServiceError>,
) -> Result<HttpResponse, PageError> {
    let id = parse_upload(upload)?;
    decision(id).await?;
    Ok(see_other(&format!("/coach/uploads/{id}")))
}
