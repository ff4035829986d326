//! `GET /coach/rejudges/{id}/events`: a rejudge as it is judged.

use super::events::Streams;
use super::live::{self, Present};
use crate::pages::coach::{Coach, parse_rejudge};
use crate::pages::errors::PageError;
use crate::pages::fragment;
use crate::pages::parts::rejudge_state::RejudgeStatePart;
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
    let id = parse_rejudge(&path)?;
    let (eyes, shown) = (services.clone(), viewer.clone());
    let look = move || {
        let (services, viewer, visit) = (eyes.clone(), shown.clone(), visit.clone());
        async move {
            let row = services.rejudges.get_row(&viewer, id).await?;
            let part = RejudgeStatePart::new(&row, &visit, &services);
            Ok(Present {
                html: fragment(&part)?,
                phase: String::new(),
                over: !part.is_pending(),
            })
        }
    };
    live::stream(&viewer, services, &streams, look).await
}
