//! The switch between light and dark in the frame of every page.

use super::errors::{ErrorCode, PageError};
use super::forms::Form;
use super::visit::Visit;
use super::{cookies, frame, see_other};
use crate::services::Services;
use crate::services::accounts::Theme;
use actix_web::{HttpResponse, web};

pub async fn post(
    Form(form): Form,
    visit: Visit,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let theme: Theme = form
        .text("theme")
        .parse()
        .map_err(|_| ErrorCode::BadRequest)?;
    if let Some(viewer) = &visit.viewer {
        let mut preferences = viewer.user.preferences.clone();
        preferences.theme = theme;
        services
            .accounts
            .set_preferences(viewer, &preferences)
            .await?;
    }
    let mut answer = see_other(frame::local_path(form.text("next")).unwrap_or("/"));
    // Also where somebody is signed in: the sign-in page comes in it again.
    let _ = answer.add_cookie(&cookies::theme(theme, services.config.https()));
    Ok(answer)
}
