//! Asking for other numbers of the same problem. The fields are empty afterwards: what
//! was typed belongs to the numbers before.

use super::errors::{ErrorCode, PageError};
use super::forms::UncheckedForm;
use super::limits::{Action, RateLimits};
use super::problem::{self, Tried};
use super::visit::Visit;
use super::{see_other, typed};
use crate::services::Services;
use actix_web::{HttpResponse, web};

pub async fn post(
    path: web::Path<String>,
    tried: web::Query<Tried>,
    form: UncheckedForm,
    visit: Visit,
    services: web::Data<Services>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    let problem = problem::find(&path, &tried, &visit, &services).await?;
    let viewer = visit.viewer.clone().ok_or(ErrorCode::SignInRequired)?;
    let form = form.check(&visit, &services)?;
    limits.check(Action::Draft {
        user: &viewer.user.id.to_string(),
    })?;
    let from = typed::variant(&form)?;
    services.variants.renew(&viewer, &problem, from).await?;
    Ok(see_other(&problem::address(&problem)))
}
