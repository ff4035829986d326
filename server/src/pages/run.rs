//! *Run* without a script: the problem's page again, with the result in it.

use super::assets::Assets;
use super::errors::PageError;
use super::forms::UncheckedForm;
use super::limits::{Action, RateLimits};
use super::parts::run::RunPart;
use super::problem::{self, Tried};
use super::problem_page::{self, RunShown, Shown};
use super::submit::sign_in_first;
use super::visit::Visit;
use super::{fragment, typed};
use crate::services::Services;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use gradien_problems::protocol::{RunInput, Submission};

pub async fn post(
    path: web::Path<String>,
    tried: web::Query<Tried>,
    form: UncheckedForm,
    visit: Visit,
    services: web::Data<Services>,
    assets: web::Data<Assets>,
    limits: web::Data<RateLimits>,
) -> Result<HttpResponse, PageError> {
    let problem = problem::find(&path, &tried, &visit, &services).await?;
    let slug = problem.pack.slug.clone();
    let Some(viewer) = visit.viewer.clone() else {
        return sign_in_first(&problem, form.unchecked(), &visit, &services, &assets);
    };
    let form = form.check(&visit, &services)?;
    let content = typed::from_form(&problem.pack, &form)?;
    let own = form.text("input_kind") == "own";
    let input_code = form.text("input_code").replace("\r\n", "\n");
    let mut shown = Shown {
        sent: Some(content.clone()),
        ..Shown::default()
    };
    let mut status = StatusCode::OK;
    let mut run_html = String::new();
    let Submission::Function { source } = content else {
        return Err(crate::services::ServiceError::WrongKind.into());
    };
    let input = match own {
        true => RunInput::Own {
            code: input_code.clone(),
        },
        false => RunInput::Samples,
    };
    let allowed = limits.check(Action::Run {
        user: &viewer.user.id.to_string(),
    });
    let ran = match allowed {
        Ok(()) => services
            .runs
            .run(&viewer, &slug, problem.tried_version(), source, input)
            .await
            .map_err(PageError::from),
        Err(error) => Err(error),
    };
    match ran {
        Ok(report) => run_html = fragment(&RunPart::new(&report, own, visit.t))?,
        Err(error) if error.code.status() == StatusCode::INTERNAL_SERVER_ERROR => {
            return Err(error);
        }
        Err(error) => {
            shown.error = Some(error.code);
            status = error.code.status();
        }
    }
    shown.run = Some(RunShown {
        own,
        input_code,
        html: run_html,
    });
    problem_page::respond(status, &problem, shown, &visit, &services, &assets).await
}
