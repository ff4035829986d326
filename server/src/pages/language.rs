//! The language switch in the frame of every page.

use super::errors::{ErrorCode, PageError};
use super::forms::Form;
use super::visit::Visit;
use super::{cookies, frame, see_other};
use crate::services::Services;
use actix_web::{HttpResponse, web};
use gradien_problems::Language;

pub async fn post(
    Form(form): Form,
    visit: Visit,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let language: Language = form
        .text("language")
        .parse()
        .map_err(|()| ErrorCode::BadRequest)?;
    if let Some(viewer) = &visit.viewer {
        let mut preferences = viewer.user.preferences.clone();
        preferences.language = language;
        services
            .accounts
            .set_preferences(viewer, &preferences)
            .await?;
    }
    let mut answer = see_other(frame::local_path(form.text("next")).unwrap_or("/"));
    // Also where somebody is signed in: the sign-in page comes in it again.
    let cookie = cookies::language(language, services.config.https());
    let _ = answer.add_cookie(&cookie);
    Ok(answer)
}
