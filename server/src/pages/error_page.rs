//! The page, or the JSON, of an error.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::frame::Frame;
use super::visit::Visit;
use crate::services::Services;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use askama::Template;

#[derive(Template)]
#[template(path = "pages/error.html")]
struct ErrorPage {
    frame: Frame,
    status: u16,
    message: String,
    hint: String,
    request: Option<String>,
}

pub fn respond(
    services: &Services,
    assets: Option<&web::Data<Assets>>,
    visit: &Visit,
    error: &PageError,
) -> HttpResponse {
    let t = visit.t;
    let (message, hint) = (t.get(error.code.message().0), t.get(error.code.hint().0));
    let request = (error.code == ErrorCode::Internal).then(|| visit.request.clone());
    let mut answer = HttpResponse::build(error.code.status());
    if let Some(seconds) = error.retry_after_s {
        answer.insert_header((header::RETRY_AFTER, seconds));
    }
    if visit.wants_json {
        return answer.json(serde_json::json!({
            "code": error.code.code(),
            "message": message,
            "hint": hint,
            "request": visit.request,
        }));
    }
    let page = ErrorPage {
        frame: Frame::with(visit, services, assets),
        status: error.code.status().as_u16(),
        message,
        hint,
        request,
    };
    match page.render() {
        Ok(html) => answer.content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(%error, request = visit.request, "the error page cannot be printed");
            answer
                .content_type("text/plain; charset=utf-8")
                .body(visit.request.clone())
        }
    }
}

/// `GET` of an address that is none.
pub async fn not_found() -> Result<HttpResponse, PageError> {
    Err(ErrorCode::NotFound.into())
}
