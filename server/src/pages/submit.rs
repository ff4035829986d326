//! Handing in. The answer comes only after the submission is stored.
//!
//! Without a script: a redirect to the submission's page. With one: JSON with the
//! part of the page that shows the verdict as it comes.

use super::assets::Assets;
use super::errors::{ErrorCode, PageError};
use super::forms::{Fields, UncheckedForm};
use super::limits::{Action, RateLimits};
use super::parts::pending::{PendingPart, PendingView, Phase};
use super::parts::row::row;
use super::problem::{self, Tried};
use super::problem_page::{self, Shown};
use super::sign_in::{KeptWork, SignInPage};
use super::visit::Visit;
use super::{fragment, see_other, typed};
use crate::services::Services;
use crate::services::problems::ProblemView;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use gradien_problems::protocol::Submission;

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
    let Some(viewer) = visit.viewer.clone() else {
        return sign_in_first(&problem, form.unchecked(), &visit, &services, &assets);
    };
    let form = form.check(&visit, &services)?;
    let content = typed::from_form(&problem.pack, &form)?;
    let sent = send(&problem, content.clone(), &visit, &services, &limits).await;
    let id = match sent {
        Ok(id) => id,
        Err(error) if visit.wants_json || !is_by_the_form(error.code) => return Err(error),
        Err(error) => {
            let shown = Shown {
                sent: Some(content),
                error: Some(error.code),
                ..Shown::default()
            };
            let status = error.code.status();
            return problem_page::respond(status, &problem, shown, &visit, &services, &assets)
                .await;
        }
    };
    if !visit.wants_json {
        return Ok(see_other(&format!("/submissions/{id}")));
    }
    let line = services.submissions.get_row(&viewer, id).await?;
    let pending = PendingPart {
        pending: PendingView::new(&Phase::Queued, visit.t),
    };
    Ok(HttpResponse::Created().json(serde_json::json!({
        "submission": id.to_string(),
        "url": format!("/submissions/{id}"),
        "events": format!("/submissions/{id}/events"),
        "html": fragment(&pending)?,
        "row": row(&line, false, &visit)?,
    })))
}

async fn send(
    problem: &ProblemView,
    content: Submission,
    visit: &Visit,
    services: &Services,
    limits: &RateLimits,
) -> Result<crate::ids::SubmissionId, PageError> {
    let viewer = visit.viewer.as_ref().ok_or(ErrorCode::SignInRequired)?;
    typed::check(&content)?;
    limits.check(Action::Submit {
        user: &viewer.user.id.to_string(),
    })?;
    // Also without a script, what was handed in is what the page opens with again.
    services.drafts.save(viewer, problem, &content).await?;
    Ok(services
        .submissions
        .submit_to(viewer, &problem.pack.slug, problem.tried_version(), content)
        .await?)
}

/// The session is over, or there never was one: what was typed rides along
/// through signing in.
pub fn sign_in_first(
    problem: &ProblemView,
    form: &Fields,
    visit: &Visit,
    services: &Services,
    assets: &web::Data<Assets>,
) -> Result<HttpResponse, PageError> {
    if visit.wants_json {
        return Err(ErrorCode::SignInRequired.into());
    }
    let slug = problem.pack.slug.clone();
    let content = typed::from_form(&problem.pack, form)?;
    let page = SignInPage::new(visit, services, assets, &format!("/problems/{slug}"));
    let page = match typed::check(&content) {
        Ok(()) => page.keeping(&KeptWork { slug, content }),
        Err(_) => page,
    };
    page.respond(StatusCode::UNAUTHORIZED)
}

/// The errors that the form itself shows, with what was typed still in it.
fn is_by_the_form(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::SubmissionEmpty
            | ErrorCode::TooLarge
            | ErrorCode::SubmissionMismatch
            | ErrorCode::RateLimited
            | ErrorCode::AttemptsUsed
    )
}
