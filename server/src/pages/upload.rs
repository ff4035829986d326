//! Handing in a file. Works without a script.

use super::errors::{ErrorCode, PageError};
use super::file_form::{FileForm, refused, text};
use super::limits::{Action, RateLimits};
use super::problem::{self, Tried};
use super::problem_page::{self, Shown};
use super::visit::Visit;
use super::{assets::Assets, see_other};
use crate::services::blobs::Incoming;
use crate::services::problems::ProblemView;
use crate::services::{ServiceError, Services};
use actix_multipart::{Field, Multipart};
use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_TYPE, DispositionParam, DispositionType, HeaderValue,
};
use actix_web::{HttpResponse, web};
use futures_util::TryStreamExt;
use gradien_problems::pack::Kind;
use gradien_problems::protocol::{
    MAX_NOTEBOOK_BYTES, MAX_PREDICTION_BYTES, MAX_SOURCE_BYTES, Submission, Upload,
};

pub async fn post(
    path: web::Path<String>,
    tried: web::Query<Tried>,
    form: Multipart,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    let problem = problem::find(&path, &tried, &visit, &services).await?;
    if visit.viewer.is_none() {
        return Err(ErrorCode::SignInRequired.into());
    }
    match send(&problem, form, &visit, &services, &limits).await {
        Ok(id) => Ok(see_other(&format!("/submissions/{id}"))),
        Err(error) if is_by_the_form(error.code) => {
            let shown = Shown {
                error: Some(error.code),
                ..Shown::default()
            };
            let status = error.code.status();
            problem_page::respond(status, &problem, shown, &visit, &services, &assets).await
        }
        Err(error) => Err(error),
    }
}

async fn send(
    problem: &ProblemView,
    form: Multipart,
    visit: &Visit,
    services: &Services,
    limits: &RateLimits,
) -> Result<crate::ids::SubmissionId, PageError> {
    let viewer = visit.viewer.as_ref().ok_or(ErrorCode::SignInRequired)?;
    let action = Action::Submit {
        user: &viewer.user.id.to_string(),
    };
    let mut form = FileForm::new(form, visit, services, limits, action);
    let mut upload = None;
    let mut layers = None;
    while let Some(mut field) = form.next().await? {
        match field.name().unwrap_or_default() {
            "layers" if layers.is_none() => {
                layers = Some(text(&mut field, MAX_SOURCE_BYTES).await?);
            }
            "file" if upload.is_none() => {
                let kind = &problem.pack.kind;
                let max_bytes = max_bytes(kind).ok_or(ErrorCode::SubmissionMismatch)?;
                let incoming = services.blobs.begin(max_bytes).await?;
                upload = Some(receive(&mut field, incoming).await?);
            }
            _ => return Err(ErrorCode::BadRequest.into()),
        }
    }
    let file = upload.ok_or(ErrorCode::SubmissionEmpty)?;
    let content = content(&problem.pack.kind, file, layers)?;
    let slug = &problem.pack.slug;
    let version = problem.tried_version();
    let submissions = &services.submissions;
    Ok(submissions
        .submit_to(viewer, slug, version, content)
        .await?)
}

async fn receive(field: &mut Field, mut incoming: Incoming) -> Result<Upload, PageError> {
    let name = field
        .content_disposition()
        .and_then(|disposition| disposition.get_filename())
        .unwrap_or_default()
        .to_owned();
    while let Some(part) = field.try_next().await.map_err(refused)? {
        incoming.write(&part).await?;
    }
    Ok(incoming.finish(&name).await?)
}

/// `None` where the problem asks for no file.
fn max_bytes(kind: &Kind) -> Option<u64> {
    match kind {
        Kind::Prediction(_) => Some(MAX_PREDICTION_BYTES),
        Kind::Model(model) => Some(model.max_bytes),
        Kind::Notebook(_) => Some(MAX_NOTEBOOK_BYTES),
        Kind::Answer(_) | Kind::Function(_) => None,
    }
}

/// `layers`: what the student wrote into the form beside the file, if anything.
fn content(kind: &Kind, file: Upload, layers: Option<String>) -> Result<Submission, PageError> {
    match kind {
        Kind::Model(_) => Ok(Submission::Model {
            file,
            architecture: layers.filter(|layers| !layers.trim().is_empty()),
        }),
        Kind::Prediction(_) => Ok(Submission::Prediction { file }),
        Kind::Notebook(_) => Ok(Submission::Notebook { file }),
        Kind::Answer(_) | Kind::Function(_) => Err(ErrorCode::SubmissionMismatch.into()),
    }
}

/// The errors that the form itself shows.
fn is_by_the_form(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::SubmissionEmpty | ErrorCode::TooLarge | ErrorCode::SubmissionMismatch
    )
}

/// A file of the pack that students may take.
pub async fn data(
    path: web::Path<(String, String)>,
    tried: web::Query<Tried>,
    visit: Visit,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let (slug, name) = path.into_inner();
    let pack = problem::find(&slug, &tried, &visit, &services).await?.pack;
    let listed = pack.kind.downloads();
    let file = format!("data/{name}");
    // Only what the pack lists; the name is never made into a path otherwise.
    let Some(file) = listed.iter().find(|listed| **listed == file) else {
        return Err(ErrorCode::NotFound.into());
    };
    let path = pack.folder.join(file);
    let bytes = tokio::fs::read(&path)
        .await
        .map_err(|source| ServiceError::File { path, source })?;
    Ok(attachment(&name, bytes))
}

/// What was handed in, for its author and for staff.
pub async fn file(
    path: web::Path<String>,
    visit: Visit,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let viewer = visit.viewer.as_ref().ok_or(ErrorCode::SignInRequired)?;
    let id = super::submission::parse_id(&path)?;
    let submission = services.submissions.get(viewer, id).await?;
    let Some(upload) = submission.content.find_upload() else {
        return Err(ErrorCode::NotFound.into());
    };
    let bytes = services.blobs.read(upload).await?;
    Ok(attachment(&upload.name, bytes))
}

/// To be kept, never shown: the content is a stranger's.
pub fn attachment(name: &str, bytes: Vec<u8>) -> HttpResponse {
    let disposition = actix_web::http::header::ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name.to_owned())],
    };
    let disposition = HeaderValue::from_str(&disposition.to_string())
        .unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/octet-stream"))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(bytes)
}
