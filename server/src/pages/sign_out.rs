//! Signing out ends the session on the server, not only in the browser.

use super::errors::PageError;
use super::forms::Form;
use super::visit::Visit;
use super::{cookies, see_other};
use crate::services::Services;
use actix_web::{HttpResponse, web};

pub async fn post(
    _form: Form,
    visit: Visit,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    if let Some(viewer) = &visit.viewer {
        services.sessions.end(viewer).await?;
    }
    let mut answer = see_other("/");
    for cookie in cookies::forget_tokens(services.config.https()) {
        let _ = answer.add_cookie(&cookie);
    }
    Ok(answer)
}
