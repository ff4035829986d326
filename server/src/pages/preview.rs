//! The pages of `gradien pack preview`; elsewhere there are none of this name.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::frame::Frame;
use super::visit::Visit;
use super::{event_stream, html, see_other, sign_up};
use crate::services::Services;
use crate::services::preview::Preview;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use bytes::Bytes;
use futures_util::stream;
use std::time::Duration;

const HEARTBEAT: Duration = Duration::from_secs(15);

#[derive(Template)]
#[template(path = "pages/preview.html")]
struct PreviewPage {
    frame: Frame,
}

fn find(services: &Services) -> Result<&Preview, PageError> {
    services
        .preview
        .as_ref()
        .ok_or_else(|| ErrorCode::NotFound.into())
}

/// `GET /preview`: the problem, or that there is none yet.
pub async fn get(
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    match find(&services)?.state().shown.slug {
        Some(slug) => Ok(see_other(&format!("/problems/{slug}"))),
        None => {
            let frame = Frame::new(&visit, &services, &assets);
            html(StatusCode::OK, &PreviewPage { frame })
        }
    }
}

/// `GET /preview/enter/{token}`: signs in, once.
pub async fn enter(
    path: web::Path<String>,
    request: HttpRequest,
    visit: Visit,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let preview = find(&services)?;
    // Who asks for the head alone shall not use the link up.
    let user = match request.method() == Method::GET {
        true => preview.redeem(&path),
        false => None,
    };
    match user {
        Some(user) => sign_up::signed_in(&services, &user, "/preview").await,
        None if visit.viewer.is_some() => Ok(see_other("/preview")),
        None => Err(ErrorCode::PreviewLinkInvalid.into()),
    }
}

/// `GET /preview/events`: the number of what is to be seen, whenever it changes.
pub async fn events(services: web::Data<Services>) -> Result<HttpResponse, PageError> {
    let states = find(&services)?.subscribe();
    let body = stream::unfold((states, true), move |(mut states, first)| {
        let stopping = services.events.clone();
        async move {
            if !first {
                tokio::select! {
                    changed = states.changed() => changed.ok()?,
                    () = stopping.stopped() => return None,
                    () = tokio::time::sleep(HEARTBEAT) => {
                        let beat = Bytes::from_static(b": .\n\n");
                        return Some((Ok(beat), (states, false)));
                    }
                }
            }
            let generation = states.borrow_and_update().generation;
            let frame = format!("event: state\ndata: {{\"generation\":{generation}}}\n\n");
            Some((Ok::<_, PageError>(Bytes::from(frame)), (states, false)))
        }
    });
    Ok(event_stream(body))
}
