//! `GET /coach/uploads/{id}/events`: an upload as it is unpacked and proved.

use super::events::Streams;
use super::live::{self, Present};
use crate::pages::coach::{Coach, parse_upload};
use crate::pages::errors::PageError;
use crate::pages::fragment;
use crate::pages::parts::upload_state::UploadStatePart;
use crate::pages::visit::Visit;
use crate::services::Services;
use actix_web::{HttpResponse, web};

pub async fn get(
    path: web::Path<String>,
    Coach(viewer): Coach,
    visit: Visit,
    services: web::Data<Services>,
    streams: web::Data<Streams>,
) -> Result<HttpResponse, PageError> {
    let id = parse_upload(&path)?;
    let (eyes, shown) = (services.clone(), viewer.clone());
    let look = move || {
        let (services, viewer, visit) = (eyes.clone(), shown.clone(), visit.clone());
        async move {
            let upload = services.uploads.get(&viewer, id).await?;
            let part = UploadStatePart::new(&upload, &viewer, &visit, &services).await?;
            Ok(Present {
                html: fragment(&part)?,
                phase: part.phase.clone(),
                over: !upload.state.is_under_way(),
            })
        }
    };
    live::stream(&viewer, services, &streams, look).await
}
