//! Opening a hint. Afterwards the problem's page shows it; what was typed goes
//! along and is kept as the draft, so that nothing is lost without a script.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::forms::UncheckedForm;
use super::problem::{self, Tried};
use super::submit::sign_in_first;
use super::visit::Visit;
use super::{see_other, typed};
use crate::services::Services;
use crate::services::visibility::Feedback;
use actix_web::{HttpResponse, web};

pub async fn post(
    path: web::Path<String>,
    tried: web::Query<Tried>,
    form: UncheckedForm,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    let problem = problem::find(&path, &tried, &visit, &services).await?;
    let Some(viewer) = visit.viewer.clone() else {
        return match typed::from_form(&problem.pack, form.unchecked()) {
            Ok(_) => sign_in_first(&problem, form.unchecked(), &visit, &services, &assets),
            Err(_) => Err(ErrorCode::SignInRequired.into()),
        };
    };
    let form = form.check(&visit, &services)?;
    let number = form.text("hint").parse();
    let number = number.map_err(|_| PageError::from(ErrorCode::BadRequest))?;
    services
        .hints
        .open(&viewer, &problem, number, Feedback::PRACTICE)
        .await?;
    // A file is not in this form, and an empty form is no draft.
    if let Ok(content) = typed::from_form(&problem.pack, &form)
        && typed::check(&content).is_ok()
    {
        services.drafts.save(&viewer, &problem, &content).await?;
    }
    let address = problem::address(&problem);
    Ok(see_other(&format!("{address}#hint-{number}")))
}
