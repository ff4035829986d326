//! Choosing the final submission.

use super::errors::PageError;
use super::forms::UncheckedForm;
use super::see_other;
use super::submission::parse_id;
use super::visit::Visit;
use crate::pages::errors::ErrorCode;
use crate::services::Services;
use actix_web::{HttpResponse, web};

pub async fn post(
    path: web::Path<String>,
    form: UncheckedForm,
    visit: Visit,
    services: web::Data<Services>,
) -> Result<HttpResponse, PageError> {
    let viewer = visit.viewer.clone().ok_or(ErrorCode::SignInRequired)?;
    form.check(&visit, &services)?;
    let id = parse_id(&path)?;
    services.finals.choose(&viewer, id).await?;
    Ok(see_other(&format!("/submissions/{id}")))
}
